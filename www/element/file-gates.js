/**
 * Where files come in.
 *
 * @typedef {object} Takes
 * @property {(file: Blob, name: string) => void} file
 * @property {() => void} nothing something came in that is no picture
 * @property {() => boolean} empty whether the stage waits for a picture
 * @property {() => string} pasted what a pasted picture is called
 */

/**
 * The ways in that need no address: a chosen file, a drop on the card, a paste while something in the card has the focus.
 * Nothing outside the card is listened to: the page around it is somebody else's.
 */
export class Gates {
  #card;
  #takes;
  /** Of the elements that a file hovers over, how many: dragenter and dragleave come for every one of them. */
  #depth = 0;

  /**
   * @param {HTMLElement} card
   * @param {HTMLElement} stage
   * @param {HTMLInputElement} input
   * @param {Takes} takes
   */
  constructor(card, stage, input, takes) {
    this.#card = card;
    this.#takes = takes;
    input.addEventListener('change', () => {
      const file = input.files?.[0];
      if (file) takes.file(file, file.name);
      input.value = ''; // so that the same file can be chosen again
    });
    // The whole empty stage is a button for those who point.
    stage.addEventListener('click', ({ target }) => {
      const handled = target instanceof Element && target.closest('button, input');
      if (!handled && takes.empty()) input.click();
    });
    card.addEventListener('dragenter', (event) => {
      event.preventDefault();
      this.#over(+1);
    });
    card.addEventListener('dragleave', () => this.#over(-1));
    card.addEventListener('dragover', (event) => event.preventDefault());
    card.addEventListener('drop', (event) => this.#drop(event));
    card.addEventListener('paste', (event) => this.#paste(event));
  }

  /** @param {number} change */
  #over(change) {
    this.#depth = Math.max(0, this.#depth + change);
    this.#card.toggleAttribute('data-dragging', this.#depth > 0);
  }

  /** @param {DragEvent} event */
  #drop(event) {
    event.preventDefault();
    event.stopPropagation(); // a page that takes files, too, is not to take this one
    this.#over(-this.#depth);
    const files = [...(event.dataTransfer?.files ?? [])];
    const file = files.find(({ type }) => type.startsWith('image/')) ?? files[0];
    if (file) this.#takes.file(file, file.name);
    else this.#takes.nothing();
  }

  /** @param {ClipboardEvent} event */
  #paste(event) {
    const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
    if (!file) return; // the page's own business
    event.preventDefault();
    event.stopPropagation();
    this.#takes.file(file, this.#takes.pasted());
  }
}
