/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Teacher } from './teacher.js' */
import { copyText } from '../ui/copy-text.js';
import { make, makeButton, setText } from '../ui/dom.js';

/** What was taught as a weights file, and the lines that put it into a page. */
export class ExportPanel {
  #localizer;
  #teacher;
  #fileName;
  #heading = make('h3');
  #lacks = make('p', { class: 'small' });
  #whole;
  #wholeHint = make('p', { class: 'small' });
  #head;
  #headHint = make('p', { class: 'small' });
  #explanation = make('p');
  #lines = make('code');
  #copy = makeButton('snippet-copy', 'quiet', () => void this.#copyLines());
  #note = make('p', { class: 'small', role: 'status' });
  #offer = make(
    'div',
    { class: 'offer' },
    make('div', { class: 'files' }),
    this.#explanation,
    make('pre', { id: 'snippet', tabindex: '0' }, this.#lines),
    make('div', { class: 'buttons' }, this.#copy, this.#note),
  );

  root = make('div', { class: 'export' }, this.#heading, this.#lacks, this.#offer);

  /**
   * @param {Localizer<WordsOfTeaching>} localizer
   * @param {Teacher} teacher
   * @param {{ fileName: () => string, save: (whole: boolean) => void }} handlers
   */
  constructor(localizer, teacher, { fileName, save }) {
    this.#localizer = localizer;
    this.#teacher = teacher;
    this.#fileName = fileName;
    this.#whole = makeButton('export-whole', 'button', () => save(true));
    this.#head = makeButton('export-head', 'button plain', () => save(false));
    this.#offer.firstElementChild?.append(make('div', {}, this.#whole, this.#wholeHint), make('div', {}, this.#head, this.#headHint));
    teacher.addEventListener('change', () => this.render());
    localizer.follow(() => this.render());
  }

  render() {
    const { keep: own } = this.#localizer.words.teach;
    const taught = this.#teacher.taught !== null;
    setText(this.#heading, own.weights);
    setText(this.#lacks, own.lacks);
    this.#lacks.hidden = taught;
    this.#offer.hidden = !taught;
    setText(this.#whole, own.whole);
    setText(this.#wholeHint, own.wholeHint);
    setText(this.#head, own.head);
    setText(this.#headHint, own.headHint);
    setText(this.#explanation, own.snippet);
    setText(this.#copy, own.copy);
    this.#offer.querySelector('pre')?.setAttribute('aria-label', own.snippet);
    setText(this.#lines, this.#snippet());
  }

  #snippet() {
    const script = new URL('www/element.js', document.baseURI).href;
    return `<script type="module" src="${script}"></script>\n<glimpse-classifier model="${this.#fileName()}"></glimpse-classifier>`;
  }

  async #copyLines() {
    const { keep: own } = this.#localizer.words.teach;
    setText(this.#note, (await copyText(this.#snippet())) ? own.copied : own.copyFailed);
  }
}
