/** @import { Outcome, Wishes } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { EngineClient } from '../rpc/client.js' */
/** @import { PlaceMapView, Subject, Surroundings } from '../explain/place-map-view.js' */
import { Failure, messageOf } from '../core/errors.js';
import { make, makeButton, setText } from '../ui/dom.js';

/**
 * @typedef {Omit<Surroundings, 'shown'> & { offer(pick: ((subject: Subject) => void) | null): void, mark(subject: Subject | null): void }} Around
 */

/** The switch for where the network looked. What it shows is neither fetched nor computed before it is on. */
export class WhereItLooked {
  #localizer;
  #around;
  #toggle = makeButton('where', 'quiet', () => void this.#switch());
  #on = false;
  /** @type {Subject} */
  #subject = {};
  #live = false;
  /** Whether the network that answers the live picture has no maps. */
  #refused = false;
  /** @type {Outcome | null} */
  #outcome = null;
  /** @type {PlaceMapView | null} */
  #view = null;
  /** @type {HTMLElement | null} why there is none */
  #trouble = null;

  root = make('div', { class: 'where', hidden: '' }, this.#toggle);

  /**
   * @param {Localizer} localizer
   * @param {Around} around `offer` lets people pick among the classes and names of the answer, `mark` tells which is shown
   */
  constructor(localizer, around) {
    this.#localizer = localizer;
    this.#around = around;
    this.#toggle.setAttribute('aria-expanded', 'false');
    localizer.follow(() => setText(this.#toggle, localizer.words.where.show));
  }

  /**
   * Something has been answered.
   * @param {Outcome} outcome
   * @param {boolean} live whether it is a frame of many, whose maps come by themselves
   */
  show(outcome, live) {
    if (live && this.#outcome?.model !== outcome.model) {
      this.#refused = false; // by another network,
      this.#subject = {}; // which may know other classes
    }
    this.#outcome = outcome;
    this.#live = live;
    this.root.hidden = false;
    if (this.#on && !live) void this.#look({});
  }

  clear() {
    this.#outcome = null;
    this.#subject = {};
    this.#refused = false;
    this.root.hidden = true;
    this.#view?.clear();
    this.#around.mark(null);
  }

  /**
   * Answers a frame of the live picture; while this is on, with its map, of the same forward pass.
   *
   * @param {EngineClient} engine
   * @param {ImageBitmap} picture is given away
   * @param {Wishes} wishes
   * @param {AbortSignal} signal
   * @returns {Promise<Outcome>}
   */
  async answerFrame(engine, picture, wishes, signal) {
    if (!this.#on || !this.#view || this.#refused) return engine.classify(picture, wishes, signal);
    try {
      const { outcome, map } = await engine.explain(picture, wishes, this.#subject, { signal });
      if (!signal.aborted) this.#view?.showLive(map);
      return outcome;
    } catch (error) {
      if (!signal.aborted) {
        this.#refused = true; // the next frame is answered without
        this.#view?.refuse();
      }
      throw error;
    }
  }

  async #switch() {
    this.#on = !this.#on;
    this.#toggle.setAttribute('aria-expanded', String(this.#on));
    if (this.#on) {
      this.#refused = false;
      this.#around.offer((subject) => void this.#look(subject));
      await this.#look({});
    } else {
      this.#around.offer(null);
      this.#view?.end();
      this.#view = null;
    }
  }

  /** @param {Subject} subject */
  async #look(subject) {
    this.#subject = subject;
    if (!this.#view) {
      this.#trouble?.remove();
      const file = 'place-map-view.js';
      const code = await import('../explain/place-map-view.js').catch((error) => new Failure('download', { file, detail: messageOf(error) }, error));
      if (!this.#on) return;
      if (code instanceof Failure) {
        await this.#switch();
        this.#trouble = make('p', { role: 'alert' }, this.#localizer.words.failure(code, ''));
        this.root.append(this.#trouble);
        return;
      }
      const { PlaceMapView } = code;
      this.#view ??= new PlaceMapView(this.#localizer, {
        ...this.#around,
        shown: (map) => this.#around.mark(map.of === 'class' ? { class: map.label } : { name: map.label }),
      });
      this.root.append(this.#view.root);
    }
    if (this.#outcome && !this.#live) await this.#view.show(subject);
  }
}
