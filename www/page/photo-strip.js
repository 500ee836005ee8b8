/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Kept, PhotoQueue } from './photo-queue.js' */
import { Announcer } from '../ui/announcer.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { focusedAround } from '../ui/focus.js';
import { LazyPictures } from '../ui/lazy-pictures.js';

/** By how far the arrow keys go. */
const STEPS = new Map([
  ['ArrowRight', 1],
  ['ArrowDown', 1],
  ['ArrowLeft', -1],
  ['ArrowUp', -1],
  ['Home', -Infinity],
  ['End', Infinity],
]);

/** @typedef {{ button: HTMLButtonElement, canvas: HTMLCanvasElement, drawn: boolean, name: HTMLElement, answer: HTMLElement, share: HTMLElement }} Cell */

/**
 * The photos that came in together, small, each with its answer in short, and the way back to each: by a click, or by the
 * arrow keys and Enter. Tab reaches one of them.
 */
export class PhotoStrip {
  #localizer;
  #queue;
  #open;
  #pictures = new LazyPictures();
  /** @type {Map<Kept, Cell>} */
  #cells = new Map();
  /** @type {Kept | null} the one that was last scrolled to */
  #reached = null;
  #list = make('div', { id: 'photos-list', role: 'toolbar', class: 'film' });
  #note = make('p', { id: 'photos-note', class: 'small' });
  #away;

  root = make('div', { id: 'photos', class: 'photos', hidden: '' });
  /** Outside, because what is hidden isn't read. */
  announcement = make('p', { class: 'unseen', role: 'status' });
  #announcer = new Announcer(this.announcement);

  /**
   * @param {Localizer} localizer
   * @param {PhotoQueue} queue
   * @param {{ open: (photo: Kept) => void, away: () => void }} handlers
   */
  constructor(localizer, queue, { open, away }) {
    this.#localizer = localizer;
    this.#queue = queue;
    this.#open = open;
    this.#away = makeButton('photos-away', 'quiet', away);
    this.root.append(this.#list, make('div', { class: 'caption' }, this.#note, this.#away));
    this.#list.addEventListener('keydown', (event) => this.#step(event));
    // What has been tabbed to last is what Tab comes back to.
    this.#list.addEventListener('focusin', ({ target }) => this.#rove(target));
    queue.addEventListener('change', () => this.#render());
    localizer.follow(() => this.#render());
  }

  /** @param {KeyboardEvent} event */
  #step(event) {
    const step = STEPS.get(event.key);
    if (step === undefined || event.ctrlKey || event.metaKey || event.altKey) return;
    const buttons = [...this.#cells.values()].map(({ button }) => button);
    const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (focusedAround(this.#list)));
    event.preventDefault();
    buttons[Math.min(buttons.length - 1, Math.max(0, at + step))]?.focus();
  }

  /** @param {EventTarget | null} reached */
  #rove(reached) {
    for (const { button } of this.#cells.values()) button.tabIndex = button === reached ? 0 : -1;
  }

  #render() {
    const { photos, current, leftOut } = this.#queue;
    const { words } = this.#localizer;
    this.root.hidden = photos.length < 2;
    for (const [photo, { canvas, button }] of this.#cells) {
      if (photos.includes(photo) && !this.root.hidden) continue;
      this.#pictures.forget(canvas);
      button.remove();
      this.#cells.delete(photo);
    }
    if (this.root.hidden) {
      this.#reached = null;
      this.#announcer.clear();
      return;
    }
    for (const [at, photo] of photos.entries()) this.#renderPhoto(photo, at + 1);
    if (current !== this.#reached) {
      this.#reached = current;
      const button = current && this.#cells.get(current)?.button;
      if (button) {
        if (!this.#list.contains(focusedAround(this.#list))) this.#rove(button);
        // Within the strip alone: the page stays where it is.
        this.#list.scrollTop += button.getBoundingClientRect().top - this.#list.getBoundingClientRect().top - this.#list.clientHeight / 3;
      }
    }
    if (!this.#list.querySelector('[tabindex="0"]')) this.#rove(this.#list.firstElementChild);
    const failed = photos.filter((photo) => photo.failed).length;
    const due = photos.filter((photo) => photo.due).length;
    const note = words.photos.note({ count: photos.length, answered: photos.length - due - failed, failed, leftOut });
    this.#list.setAttribute('aria-label', words.photos.label);
    setText(this.#away, words.photos.away);
    setText(this.#note, note);
    if (due === 0) this.#announcer.announce(note);
  }

  /**
   * @param {Kept} photo
   * @param {number} place from 1 on
   */
  #renderPhoto(photo, place) {
    const { words, classNames } = this.#localizer;
    const cell = this.#cells.get(photo) ?? this.#make(photo);
    const { button, canvas, name, answer, share } = cell;
    if (photo.thumbnail && !cell.drawn) {
      cell.drawn = true;
      this.#pictures.watch(canvas, photo.thumbnail);
    }
    const title = photo.name(words);
    const best = photo.answer;
    button.title = title;
    button.dataset.state = photo.failed ? 'failed' : photo.due ? 'due' : 'answered';
    button.toggleAttribute('data-unsure', best ? !best.sure : false);
    if (photo === this.#queue.current) button.setAttribute('aria-current', 'true');
    else button.removeAttribute('aria-current');
    setText(name, words.photos.nth(place, title));
    const said = best && words.photos.answer(classNames.nameOf(best.label, best.noneLabel), best.sure);
    setText(answer, photo.failed ? words.photos.failed : (said ?? words.photos.waiting));
    setText(share, best ? words.percent(best.probability) : '');
  }

  /** @param {Kept} photo */
  #make(photo) {
    const canvas = make('canvas', { 'aria-hidden': 'true' });
    const name = make('span', { class: 'unseen' });
    const answer = make('span', { class: 'short name' });
    const share = make('span', { class: 'short' });
    const button = make('button', { type: 'button', tabindex: '-1' }, canvas, name, ' ', answer, ' ', share);
    button.addEventListener('click', () => this.#open(photo));
    this.#list.append(button);
    const cell = { button, canvas, drawn: false, name, answer, share };
    this.#cells.set(photo, cell);
    return cell;
  }
}
