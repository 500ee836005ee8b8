/** @import { Outcome, Preference } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Session } from './session.js' */
/** @import { Details, Source, Theme } from './types.js' */
import { messageOf } from '../core/errors.js';
import { pictureOf } from '../core/source-to-blob.js';
import { addStyles } from './style-sheet.js';
import { whenVisible } from './when-visible.js';

/** Bars that are shown where nobody has said how many. */
const TOP = 3;

/** @type {readonly Preference[]} */
const backends = ['auto', 'webgpu', 'cpu'];
/** @type {readonly Theme[]} */
const themes = ['auto', 'light', 'dark'];

/** Programs that render pages on a server import this, too, and have no elements. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (/** @type {unknown} */ (class {}));

/**
 * `<glimpse-classifier>`: an image classifier as one tag. This is the shell: attributes, properties, methods, and when
 * the rest of it is needed. That (`session.js`: card, engine, camera) is fetched when the element is seen or used.
 *
 * www/docs/index.html lists what it can.
 */
export class GlimpseClassifier extends Base {
  static observedAttributes = ['src', 'alt', 'model', 'backend', 'top-k', 'webcam', 'samples', 'lang'];

  #root = this.attachShadow({ mode: 'open', delegatesFocus: true });
  /** Firefox has them since 93: before, the element has no role and no name of its own. */
  #internals = /** @type {Partial<HTMLElement>} */ (this).attachInternals?.();
  #frame = document.createElement('div');
  /** @type {Session | null} */
  #session = null;
  /** @type {Promise<Session> | null} */
  #waking = null;
  #unwatch = () => {};
  /** How many `classify()` are under way: one that isn't in a document lets go of its engine after the last. */
  #calls = 0;
  /** @type {Localizer | null} */
  #localizer = null;

  constructor() {
    super();
    if (this.#internals) this.#internals.role = 'group';
    this.#setLabel('Image classifier'); // until the words are there
    this.#frame.className = 'frame';
    const waiting = document.createElement('div');
    waiting.className = 'waiting';
    this.#frame.append(waiting);
    this.#root.append(this.#frame);
  }

  /** The address of a picture that is classified at once. */
  get src() {
    return this.getAttribute('src') ?? '';
  }

  set src(address) {
    this.setAttribute('src', address);
  }

  /** What that picture shows, for those who don't see it. */
  get alt() {
    return this.getAttribute('alt') ?? '';
  }

  set alt(text) {
    this.setAttribute('alt', text);
  }

  /** The address of a weights file; empty for the networks that come with the element. */
  get model() {
    return this.getAttribute('model') ?? '';
  }

  set model(address) {
    this.setAttribute('model', address);
  }

  get backend() {
    return oneOf(backends, this.getAttribute('backend'));
  }

  /** @param {Preference} backend */
  set backend(backend) {
    this.setAttribute('backend', backend);
  }

  /** How many classes are shown. */
  get topK() {
    const top = Math.floor(Number(this.getAttribute('top-k')));
    return top >= 1 ? top : TOP;
  }

  set topK(top) {
    this.setAttribute('top-k', String(top));
  }

  /** Whether it offers the camera. */
  get webcam() {
    return this.hasAttribute('webcam');
  }

  set webcam(offered) {
    this.toggleAttribute('webcam', offered);
  }

  /** The addresses of pictures to try; in the attribute they are separated by spaces. */
  get samples() {
    return (this.getAttribute('samples') ?? '').split(/\s+/).filter(Boolean);
  }

  set samples(addresses) {
    this.setAttribute('samples', [addresses].flat().join(' '));
  }

  get theme() {
    return oneOf(themes, this.getAttribute('theme'));
  }

  /** @param {Theme} theme */
  set theme(theme) {
    this.setAttribute('theme', theme);
  }

  /**
   * Classifies a picture and shows it with its answer. Resolves with the answer of the network asked for or, where that
   * can't be had, of the one that stands in for it. Rejects with an error whose `code` says what went wrong, and with an
   * `AbortError` where another picture comes, `clear()` is called or the element is removed before.
   *
   * @param {Source} source taken as it is now; what is drawn on it later doesn't count
   * @returns {Promise<Outcome>}
   */
  async classify(source) {
    const given = pictureOf(source);
    this.#calls += 1;
    try {
      return await (await this.#wake()).classify(given);
    } finally {
      this.#calls -= 1;
      if (!this.isConnected && this.#calls === 0) this.#session?.pause();
    }
  }

  /** Puts the picture, its answer and the camera away. */
  clear() {
    this.#session?.clear();
  }

  connectedCallback() {
    addStyles(this.#root);
    for (const name of /** @type {const} */ (['src', 'alt', 'model', 'backend', 'topK', 'webcam', 'samples', 'theme'])) this.#upgrade(name);
    this.#unwatch();
    this.#unwatch = whenVisible(this, async () => {
      try {
        const session = await this.#wake();
        if (this.isConnected) session.resume();
      } catch {
        // the page has heard of it by `error`; the next use tries again
      }
    });
  }

  disconnectedCallback() {
    this.#unwatch();
    // Whoever is only moved is back by then, and goes on.
    queueMicrotask(() => {
      if (!this.isConnected) this.#session?.pause();
    });
  }

  /**
   * @param {string} name
   * @param {string | null} before
   * @param {string | null} now
   */
  attributeChangedCallback(name, before, now) {
    const session = this.#session;
    if (!session || before === now) return;
    switch (name) {
      case 'src':
        if (this.isConnected) session.openSrc();
        break;
      case 'model':
      case 'backend':
        session.change();
        break;
      case 'lang':
        void this.#localize();
        break;
      default:
        session.offer();
    }
  }

  /**
   * Dispatches an event for the page around it.
   *
   * @template {keyof Details} T
   * @param {T} type
   * @param {Details[T]} detail
   */
  #emit(type, detail) {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  /** @returns {Promise<Session>} */
  #wake() {
    this.#waking ??= this.#load().catch((error) => {
      this.#waking = null; // so that the next one tries again
      const message = `The image classifier could not be fetched (${messageOf(error)}).`; // in no other language: those are fetched, too
      if (this.#frame.firstChild) this.#frame.firstChild.textContent = message;
      this.#emit('error', { code: 'download', facts: {}, message });
      throw error;
    });
    return this.#waking;
  }

  async #load() {
    const [{ Session }, { Localizer, languagesOf }] = await Promise.all([import('./session.js'), import('../i18n/localizer.js')]);
    const localizer = await Localizer.create(languagesOf(this));
    await localizer.loadClassNames();
    const session = new Session(this, localizer, (type, detail) => this.#emit(type, detail));
    this.#session = session;
    this.#localizer = localizer;
    localizer.follow(() => this.#setLabel(localizer.words.widget.name));
    this.#frame.replaceChildren(session.root);
    void this.#localize(); // the language may have changed meanwhile
    return session;
  }

  /** @param {string} label */
  #setLabel(label) {
    if (this.#internals) this.#internals.ariaLabel = label;
  }

  /** Everything in it goes on in the language that it is to speak now. */
  async #localize() {
    const { languagesOf } = await import('../i18n/localizer.js');
    await this.#localizer?.setLanguages(languagesOf(this));
  }

  /**
   * A property that was set before this class was known hides the one of the class.
   * @param {'src' | 'alt' | 'model' | 'backend' | 'topK' | 'webcam' | 'samples' | 'theme'} name
   */
  #upgrade(name) {
    if (!Object.getOwnPropertyDescriptor(this, name)) return;
    const value = this[name];
    delete (/** @type {any} */ (this)[name]);
    /** @type {any} */ (this)[name] = value;
  }
}

/**
 * @template {string} T
 * @param {readonly [T, ...T[]] | readonly T[]} known the first where nothing else is said
 * @param {string | null} value
 * @returns {T}
 */
function oneOf(known, value) {
  return known.find((each) => each === value) ?? /** @type {T} */ (known[0]);
}
