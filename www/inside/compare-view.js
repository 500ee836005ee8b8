/** @import { PlaceMap } from '../core/types.js' */
/** @import { WordsOfInside } from '../i18n/inside/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Measured } from './measure-network.js' */
/** @import { Host, Network, Opened } from './types.js' */
import { single } from '../core/answer-json.js';
import { Failure, isAbort, isOfNetwork } from '../core/errors.js';
import { toPng } from '../core/frame-to-png.js';
import { inWords } from '../core/headline.js';
import { mapFigure, smallMap, titleOf } from '../explain/small-map.js';
import { BarList } from '../ui/bar-list.js';
import { make, makeButton, setText } from '../ui/dom.js';
import { RunButton } from '../ui/run-button.js';
import { fileNameFor, saveFile, saveJson } from '../ui/save-file.js';
import { measureNetwork, TIMED } from './measure-network.js';
import { drawSheet } from './sheet.js';

/** How many classes are shown of each. */
const TOP = 3;

/**
 * What came of a network: its answer, and where it looked for that, or why one of the two isn't there.
 * @typedef {{ network: Network, measured: Measured | null, failure: Failure | null, looked: { map: PlaceMap, picture: HTMLCanvasElement } | null, bars: BarList }} Card
 */

/** The photo, shown to each network that the page knows, side by side. */
export class CompareView {
  #localizer;
  #host;
  #heading = make('h3');
  #why = make('p', { class: 'why' });
  #run;
  #note = make('p', { class: 'small' });
  #cards = make('ul', { id: 'compared', class: 'cards' });
  #savePicture = makeButton('save-compared', 'quiet', () => void this.#saveSheet());
  #saveNumbers = makeButton('save-compared-json', 'quiet', () => this.#saveJson());
  /** @type {Opened | null} */
  #opened = null;
  /** @type {Card[]} */
  #compared = [];

  root = make('section', { id: 'view-compare', class: 'part' });

  /**
   * @param {Localizer<WordsOfInside>} localizer
   * @param {Host} host
   */
  constructor(localizer, host) {
    this.#localizer = localizer;
    this.#host = host;
    this.#run = new RunButton(
      localizer,
      'run-compare',
      ({ inside }) => ({ ...inside, run: inside.compare.run }),
      (signal, report) => this.#compare(signal, report),
    );
    this.root.append(this.#heading, this.#why, this.#run.root, this.#note, this.#cards, make('p', {}, this.#savePicture, ' ', this.#saveNumbers));
    localizer.follow(() => this.#render());
  }

  /** @param {Opened | null} opened */
  show(opened) {
    this.#run.stop();
    this.#opened = opened;
    this.#compared = [];
    this.#render();
  }

  stop() {
    this.#run.stop();
  }

  /**
   * @param {AbortSignal} signal
   * @param {(done: number, total: number, what?: string) => void} report
   */
  async #compare(signal, report) {
    const opened = this.#opened;
    if (!opened) return;
    const { engine } = this.#host;
    const networks = this.#host.networks();
    const { words } = this.#localizer;
    this.#compared = [];
    this.#render();
    const file = await opened.get(signal);
    // What the page runs on: another backend would be another comparison.
    const preference = engine.status.backend ?? 'cpu';
    for (const network of networks) {
      report(this.#compared.length, networks.length, words.inside.compare.working(words.modelName(network.id)));
      /** @type {Card} */
      const card = { network, measured: null, failure: null, looked: null, bars: new BarList(`compared-${this.#compared.length}`) };
      try {
        card.measured = await measureNetwork(network, preference, file, opened.wishes, signal, async ({ engine, photo, wishes }) => {
          const map = await mapOf(engine.explain(photo, wishes, {}, { signal }));
          card.looked = map && { map, picture: smallMap(map, opened.picture) };
        });
      } catch (error) {
        // Another network may well work.
        if (signal.aborted || !isOfNetwork(error)) throw error;
        card.failure = error;
      }
      if (signal.aborted) return;
      this.#compared.push(card);
      this.#render();
    }
  }

  #render() {
    const { words } = this.#localizer;
    const { compare } = words.inside;
    setText(this.#heading, compare.heading);
    setText(this.#why, compare.why);
    setText(this.#savePicture, compare.savePicture);
    setText(this.#saveNumbers, compare.saveNumbers);
    this.#savePicture.hidden = this.#saveNumbers.hidden = this.#compared.length === 0;
    const alone = this.#host.engine.thread === 'page';
    this.#run.disabled = alone; // an engine there couldn't be ended
    setText(this.#note, alone ? compare.noWorker : '');
    this.#cards.replaceChildren(...this.#compared.map((card) => this.#makeCard(card)));
  }

  /** @param {Card} card */
  #makeCard({ network, measured, failure, looked, bars }) {
    const { words, classNames } = this.#localizer;
    const name = make('h4', {}, words.modelName(network.id));
    const item = make('li', { 'data-network': network.id }, name);
    if (failure) item.append(make('p', { class: 'small' }, words.failure(failure, '')));
    if (!measured) return item;
    const { info } = measured.outcome;
    const { verdict, confidence } = inWords(measured.outcome, words, classNames);
    bars.show(
      measured.outcome.ranked.slice(0, TOP),
      (label) => classNames.nameOf(label, info.none),
      (share) => words.percent(share),
    );
    bars.root.setAttribute('aria-label', words.modelName(network.id));
    const facts = this.#factsOf(measured).map(([fact, value]) => make('div', {}, make('dt', {}, fact), make('dd', {}, value)));
    const map = looked ? mapFigure(looked.map, looked.picture, this.#localizer) : make('p', { class: 'small' }, words.where.failed);
    item.append(make('p', { class: 'said' }, make('strong', {}, verdict), ' ', confidence), bars.root, map, make('dl', { class: 'facts' }, ...facts));
    return item;
  }

  /**
   * @param {Measured} measured
   * @returns {[string, string][]}
   */
  #factsOf({ outcome, milliseconds, size }) {
    const { words } = this.#localizer;
    const { compare } = words.inside;
    const { info, backend } = outcome;
    const { input_size, second_framing } = info.preprocessing;
    /** @type {[string, string | null][]} */
    const facts = [
      [compare.time(TIMED), words.milliseconds(milliseconds)],
      [compare.runsOn, words.page[backend]],
      [compare.file, size === null ? null : words.megabytes(size)],
      [compare.parameters, compare.count(info.parameters)],
      [compare.input, compare.size(input_size, second_framing ? 2 : 1)],
      [compare.classes, compare.count(info.classes.filter((label) => label !== info.none).length)],
      [compare.beyond, info.vocabulary && compare.count(info.vocabulary.classes.length)],
    ];
    return facts.filter(/** @returns {fact is [string, string]} */ (fact) => fact[1] !== null);
  }

  get #fileName() {
    const name = this.#opened?.name(this.#localizer.words) ?? '';
    return `glimpse-${fileNameFor(name.replace(/\.\w+$/, ''), 'photo')}-networks`;
  }

  async #saveSheet() {
    const opened = this.#opened;
    if (!opened) return;
    const { words, classNames } = this.#localizer;
    const items = this.#compared.flatMap(({ network, measured, looked }) => {
      if (!measured) return [];
      const { outcome } = measured;
      const { verdict, confidence } = inWords(outcome, words, classNames);
      const bars = outcome.ranked
        .slice(0, TOP)
        .map(({ label, probability }) => `${words.percent(probability)}  ${classNames.nameOf(label, outcome.info.none)}`);
      const seen = looked ? [titleOf(looked.map, this.#localizer)] : [];
      const lines = [
        words.modelName(network.id),
        ...seen,
        verdict,
        confidence,
        ...bars,
        ...this.#factsOf(measured).map(([fact, value]) => `${fact}: ${value}`),
      ];
      return [{ picture: looked?.picture ?? opened.picture, lines }];
    });
    const sheet = drawSheet({ title: [`glimpse · ${opened.name(words)}`, words.inside.compare.heading], items, across: 3, width: 360 }, this.root);
    saveFile(await toPng(sheet), `${this.#fileName}.png`);
  }

  #saveJson() {
    const networks = this.#compared.flatMap(({ network, measured }) => {
      if (!measured) return [];
      const { outcome, milliseconds, size } = measured;
      const ranked = outcome.ranked.map(({ label, probability }) => ({ label, probability: single(probability) }));
      const { parameters, preprocessing } = outcome.info;
      return [
        {
          network: network.id,
          backend: outcome.backend,
          milliseconds,
          bytes: size,
          parameters,
          input_size: preprocessing.input_size,
          sure: outcome.sure,
          ranked,
        },
      ];
    });
    saveJson({ picture: this.#opened?.name(this.#localizer.words), networks }, `${this.#fileName}.json`);
  }
}

/**
 * @param {Promise<{ map: PlaceMap }>} explaining
 * @returns {Promise<PlaceMap | null>} null where the answer stands and there is no map: a network may have none
 */
function mapOf(explaining) {
  return explaining.then(
    ({ map }) => map,
    (error) => {
      if (isAbort(error) || !(error instanceof Failure)) throw error;
      return null;
    },
  );
}
