/** @import { Outcome } from '../core/types.js' */
/** @import { Phrase } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { toJsonLine } from '../core/answer-json.js';
import { toPng } from '../core/frame-to-png.js';
import { inWords } from '../core/headline.js';
import { copyText } from '../ui/copy-text.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { fileNameFor, saveFile } from '../ui/save-file.js';
import { drawCard } from './answer-card.js';

/** How many bars are taken along. */
const TOP = 5;

/** Takes the answer along: into the clipboard as text or JSON, or as a file, JSON or a picture. */
export class ResultExport {
  #localizer;
  #picture;
  /** @type {{ outcome: Outcome, name: Phrase } | null} */
  #shown = null;
  #copyText = makeButton('copy-text', 'quiet', () => void this.#copy(this.#text));
  #copyJson = makeButton('copy-json', 'quiet', () => void this.#copy(this.#json));
  #saveJson = makeButton('save-json', 'quiet', () => saveFile(new Blob([this.#json], { type: 'application/json' }), `${this.#fileName}.json`));
  #saveCard = makeButton('save-card', 'quiet', () => void this.#savePicture());
  #note = make('p', { id: 'taken', class: 'small', role: 'status' });

  root = make('div', { id: 'take', class: 'take', hidden: '' }, this.#copyText, this.#copyJson, this.#saveJson, this.#saveCard, this.#note);

  /**
   * @param {Localizer} localizer
   * @param {() => { photo: HTMLCanvasElement, mirrored: boolean }} picture what is on the stage
   */
  constructor(localizer, picture) {
    this.#localizer = localizer;
    this.#picture = picture;
    localizer.follow(() => {
      const { take } = localizer.words;
      setText(this.#copyText, take.copyText);
      setText(this.#copyJson, take.copyJson);
      setText(this.#saveJson, take.saveJson);
      setText(this.#saveCard, take.saveCard);
      setText(this.#note, '');
    });
  }

  /**
   * @param {Outcome} outcome
   * @param {Phrase} name the photo's
   */
  show(outcome, name) {
    this.#shown = { outcome, name };
    this.root.hidden = false;
    setText(this.#note, '');
  }

  clear() {
    this.#shown = null;
    this.root.hidden = true;
    setText(this.#note, '');
  }

  get #name() {
    return this.#shown?.name(this.#localizer.words) ?? '';
  }

  get #fileName() {
    return `glimpse-${fileNameFor(this.#name.replace(/\.\w+$/, ''), 'photo')}`;
  }

  get #json() {
    return this.#shown ? toJsonLine(this.#name, this.#shown.outcome) : '';
  }

  get #words() {
    if (!this.#shown) return { verdict: '', confidence: '', bars: [] };
    const { outcome } = this.#shown;
    const { words, classNames } = this.#localizer;
    const bars = outcome.ranked.slice(0, TOP).map(({ label, probability }) => ({
      name: classNames.nameOf(label, outcome.info.none),
      probability,
      percent: words.percent(probability),
    }));
    return { ...inWords(outcome, words, classNames), bars };
  }

  get #text() {
    const { verdict, confidence, bars } = this.#words;
    return [this.#name, verdict, confidence, ...bars.map(({ name, percent }) => `${percent}\t${name}`), ''].join('\n');
  }

  /** @param {string} text */
  async #copy(text) {
    const { take } = this.#localizer.words;
    setText(this.#note, (await copyText(text)) ? take.copied : take.refused);
  }

  async #savePicture() {
    if (!this.#shown) return;
    const { model } = this.#shown.outcome;
    const { words } = this.#localizer;
    const file = this.#fileName;
    try {
      const canvas = drawCard({ ...this.#picture(), ...this.#words, sure: this.#shown.outcome.sure, foot: `glimpse · ${words.modelName(model)}` }, this.root);
      saveFile(await toPng(canvas), `${file}.png`);
    } catch {
      setText(this.#note, words.take.noPicture);
    }
  }
}
