/** @import { Outcome, Preference } from '../core/types.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Session } from './session.js' */
/** @import { Details, Loading, ReadyDetail, Source, Theme } from './types.js' */
import { messageOf } from '../core/errors.js';
import { pictureOf } from '../core/source-to-blob.js';
import { thresholdFrom } from '../core/threshold.js';
import { addStyles } from './style-sheet.js';
import { whenLanguageChanges } from './when-language-changes.js';
import { whenVisible } from './when-visible.js';

/** Bars that are shown where nobody has said how many. */
const TOP = 3;
/** More of them are no list that anybody reads, and a network from anywhere may have thousands. */
const MOST = 100;

/** @type {readonly Preference[]} */
const backends = ['auto', 'webgpu', 'cpu'];
/** @type {readonly Theme[]} */
const themes = ['auto', 'light', 'dark'];
/** @type {readonly Loading[]} */
const loadings = ['lazy', 'eager'];

/** @type {readonly ('crop' | 'stretch')[]} */
const framings = ['crop', 'stretch'];

/** What can be set. */
const properties = /** @type {const} */ ([
  'src',
  'alt',
  'model',
  'backend',
  'topK',
  'webcam',
  'camera',
  'samples',
  'theme',
  'loading',
  'threshold',
  'ask',
  'curve',
  'explain',
  'contrast',
  'colour',
  'denoise',
  'framing',
]);

/** Programs that render pages on a server import this, too, and have no elements. */
const Base = globalThis.HTMLElement ?? /** @type {typeof HTMLElement} */ (/** @type {unknown} */ (class {}));

/**
 * An image classifier as one tag.
 *
 * @tagname glimpse-classifier
 *
 * @attr {string} lang - The language. Left out: that of the text around it, or what the browser prefers. A language that
 *   there isn't is English.
 * @attr {string} aria-label - The name of the element for screen readers, where “Image classifier” doesn't say enough.
 *
 * @slot - A picture for browsers without scripts, and until the element is seen: it is classified where `src` names none.
 *
 * @fires {CustomEvent<ReadyDetail>} ready - From now on, a picture is answered at once.
 * @fires {CustomEvent<ProgressDetail>} progress - A network is being fetched, by bytes; `total` may be `null`.
 * @fires {CustomEvent<ResultDetail>} result - An answer is shown. Until `final`, a better network is on its way and will
 *   answer again; with `live`, it is one of many of the camera.
 * @fires {CustomEvent<MapDetail>} map - With `explain`: where the network looked is shown; `docs/explain.md` says what its
 *   numbers are.
 * @fires {CustomEvent<ErrorDetail>} error - There is no answer; the `message` is what people read in the card. It does not
 *   bubble: what listens for `error` at the window is meant for scripts that failed.
 *
 * @cssproperty --glimpse-max-width - How wide it gets; 30em. From 38em on there are two columns.
 * @cssproperty --glimpse-font - The font family of the text.
 * @cssproperty --glimpse-heading-font - The font family of the answer.
 * @cssproperty --glimpse-radius - How round the corners are.
 * @cssproperty --glimpse-card - The background.
 * @cssproperty --glimpse-ink - The text.
 * @cssproperty --glimpse-soft - Lesser text, and the lesser bars.
 * @cssproperty --glimpse-line - The border.
 * @cssproperty --glimpse-track - What bars run on.
 * @cssproperty --glimpse-accent - Buttons, links and the first bar.
 * @cssproperty --glimpse-accent-ink - The text on buttons.
 * @cssproperty --glimpse-accent-wash - The stage while a file hovers over it.
 * @cssproperty --glimpse-unsure - An answer that isn't sure.
 * @cssproperty --glimpse-unsure-bar - Its bar.
 * @cssproperty --glimpse-bad - The text of an error.
 * @cssproperty --glimpse-bad-wash - Its background.
 * @cssproperty --glimpse-mat - What is seen beside a narrow photo.
 *
 * @csspart card - All of it.
 * @csspart stage - Where the picture is, or the invitation to bring one.
 * @csspart photo - The picture.
 * @csspart video - The live picture of the camera.
 * @csspart button - Every button but the samples.
 * @csspart name - What the picture is called.
 * @csspart error - What went wrong.
 * @csspart answer - Everything that is said of the picture.
 * @csspart verdict - The answer in a sentence.
 * @csspart confidence - How sure it is.
 * @csspart reply - The answer to a question of yes or no.
 * @csspart figures - How good such answers are.
 * @csspart bars - The list of the likeliest classes.
 * @csspart map - What is said of where the network looked, with the legend of its colours.
 * @csspart label - The name of a class.
 * @csspart bar - The bar of a class.
 * @csspart share - The percentage of a class.
 * @csspart timing - Which network it was, and what it took.
 * @csspart remark - Why another network than the one asked for has answered.
 * @csspart progress - The download under way.
 * @csspart samples - The list of pictures to try.
 * @csspart sample - One of them.
 * @csspart privacy - That photos stay on the device.
 */
// This is the shell: attributes, properties, methods, and when the rest of it is needed. That (`session.js`: card, engine,
// camera) is fetched when the element is seen or used. `scripts/lib/element-docs.mjs` makes the tables of the documentation
// and the custom-elements manifest from the comments on what is public.
export class GlimpseClassifier extends Base {
  static observedAttributes = [
    'src',
    'alt',
    'model',
    'backend',
    'top-k',
    'webcam',
    'camera',
    'samples',
    'lang',
    'loading',
    'threshold',
    'ask',
    'curve',
    'explain',
    'contrast',
    'colour',
    'denoise',
    'framing',
  ];

  // Without `delegatesFocus`, which would take every click on a text to the first button, so that no text could be selected.
  #root = this.attachShadow({ mode: 'open' });
  /** Firefox has them since 93: before, the element has no role and no name of its own. */
  #internals = /** @type {Partial<HTMLElement>} */ (this).attachInternals?.();
  #frame = document.createElement('div');
  /** @type {Session | null} */
  #session = null;
  /** @type {Promise<Session> | null} */
  #waking = null;
  #unwatch = () => {};
  #unfollow = () => {};
  /** How many `classify()` are under way: one that isn't in a document lets go of its engine after the last. */
  #calls = 0;
  /** How often everything has been put away, for calls that began before. */
  #cleared = 0;
  /** How often the camera has been switched off, for the same reason. */
  #stops = 0;
  /** @type {(detail: ReadyDetail) => void} */
  #becomeReady = () => {};
  /** @type {Promise<ReadyDetail>} */
  #ready = new Promise((resolve) => (this.#becomeReady = resolve));
  /** @type {Localizer | null} */
  #localizer = null;

  constructor() {
    super();
    if (this.#internals) this.#internals.role = 'group';
    this.#setLabel('Image classifier'); // until the words are there
    this.#frame.className = 'frame';
    const waiting = document.createElement('div');
    waiting.className = 'waiting';
    waiting.append(document.createElement('slot'));
    this.#frame.append(waiting);
    this.#root.append(this.#frame);
  }

  /**
   * The address of a picture that is classified at once. One of another site must let others read it (CORS). Left out: the
   * `<img>` between the element's tags, which browsers without scripts show, where there is one.
   * @attr
   * @type {string}
   */
  get src() {
    return this.getAttribute('src') ?? '';
  }

  set src(address) {
    this.setAttribute('src', address);
  }

  /**
   * What that picture shows, for those who don't see it.
   * @attr
   * @type {string}
   */
  get alt() {
    return this.getAttribute('alt') ?? '';
  }

  set alt(text) {
    this.setAttribute('alt', text);
  }

  /**
   * The address of a weights file. Left out: the networks of this site, of which the small one answers until the photo
   * network has come.
   * @attr
   * @type {string}
   */
  get model() {
    return this.getAttribute('model') ?? '';
  }

  set model(address) {
    this.setAttribute('model', address);
  }

  /**
   * `auto` (by default): WebGPU where it works and is faster; `webgpu`; `cpu`.
   * @attr
   * @type {'auto' | 'webgpu' | 'cpu'}
   */
  get backend() {
    return oneOf(backends, this.getAttribute('backend'));
  }

  /** @param {Preference} backend */
  set backend(backend) {
    this.setAttribute('backend', backend);
  }

  /**
   * How many classes are shown, at most 100; 3 by default.
   * @attr top-k
   * @type {number}
   */
  get topK() {
    const top = Math.floor(Number(this.getAttribute('top-k')));
    return top >= 1 ? Math.min(top, MOST) : TOP;
  }

  set topK(top) {
    this.setAttribute('top-k', String(top));
  }

  /**
   * Whether the camera is offered. There is one camera for all elements of a page.
   * @attr
   * @type {boolean}
   */
  get webcam() {
    return this.hasAttribute('webcam');
  }

  set webcam(offered) {
    this.toggleAttribute('webcam', offered);
  }

  /**
   * Which camera: `user`, that in front; `environment`, that on the back, which is also taken where nothing is said; or a
   * `deviceId`, as `enumerateDevices()` lists them. Where there is no such camera, another one is taken.
   * @attr
   * @type {string}
   */
  get camera() {
    return this.getAttribute('camera') ?? '';
  }

  set camera(wanted) {
    this.setAttribute('camera', wanted);
  }

  /**
   * Addresses of pictures to try, with spaces between them; as a property, an array.
   * @attr
   * @type {string[]}
   */
  get samples() {
    return (this.getAttribute('samples') ?? '').split(/\s+/).filter(Boolean);
  }

  set samples(addresses) {
    const list = [addresses].flat();
    const other = list.find((/** @type {unknown} */ address) => typeof address !== 'string' && !(address instanceof URL));
    if (other !== undefined) throw new TypeError(`samples are addresses, and ${Object.prototype.toString.call(other)} is none`);
    this.setAttribute('samples', list.join(' '));
  }

  /**
   * `auto` (by default): as the `color-scheme` of the page around it; `light`; `dark`.
   * @attr
   * @type {'auto' | 'light' | 'dark'}
   */
  get theme() {
    return oneOf(themes, this.getAttribute('theme'));
  }

  /** @param {Theme} theme */
  set theme(theme) {
    this.setAttribute('theme', theme);
  }

  /**
   * `lazy` (by default): everything but a shell is fetched when the element is seen or used; `eager`: at once.
   * @attr
   * @type {'lazy' | 'eager'}
   */
  get loading() {
    return oneOf(loadings, this.getAttribute('loading'));
  }

  set loading(loading) {
    this.setAttribute('loading', loading);
  }

  /**
   * From which probability on an answer is called sure, from 0 to 1. Left out, `null`: as the weights file says. With `ask`,
   * from which one on it is yes; 0.5 where it is left out. It can be `best-f1` then, or `precision=0.95` for the lowest one
   * with that precision, by the pictures held out that the weights file knows.
   * @attr
   * @type {number | string | null}
   */
  get threshold() {
    const said = this.getAttribute('threshold');
    const wanted = thresholdFrom(said);
    return wanted === null || typeof wanted === 'number' ? wanted : (said?.trim() ?? null);
  }

  set threshold(threshold) {
    if (threshold === null) this.removeAttribute('threshold');
    else this.setAttribute('threshold', String(threshold));
  }

  /**
   * A question of yes or no: whether a picture shows this class, one of several with commas between them (`cat, dog, bird`),
   * or an `animal` or `vehicle`, where the network knows them all. How good such answers are at the `threshold` is said with
   * it, where the weights file knows pictures held out. Classes are called as in the weights file.
   * @attr
   * @type {string}
   */
  get ask() {
    return this.getAttribute('ask') ?? '';
  }

  set ask(question) {
    this.setAttribute('ask', question);
  }

  /**
   * Whether a picture of the precision–recall curve stands beside the answer to `ask`.
   * @attr
   * @type {boolean}
   */
  get curve() {
    return this.hasAttribute('curve');
  }

  set curve(drawn) {
    this.toggleAttribute('curve', drawn);
  }

  /**
   * Whether colours over the picture show where the network looked: what spoke for the likeliest class, or for the one whose
   * name is clicked or reached by keyboard, in orange; what spoke against it, in blue. Fetched only then.
   * @attr
   * @type {boolean}
   */
  get explain() {
    return this.hasAttribute('explain');
  }

  set explain(shown) {
    this.toggleAttribute('explain', shown);
  }

  /**
   * Whether the contrast is stretched before the network sees a picture; `off` as an attribute is no. Left out, `null`: as
   * the weights file says, for this and the next three.
   * @attr
   * @type {boolean | null}
   */
  get contrast() {
    return switchOf(this.getAttribute('contrast'));
  }

  set contrast(on) {
    this.#setSwitch('contrast', on);
  }

  /**
   * Whether a tint of the light is taken out; `off` is no.
   * @attr
   * @type {boolean | null}
   */
  get colour() {
    return switchOf(this.getAttribute('colour'));
  }

  set colour(on) {
    this.#setSwitch('colour', on);
  }

  /**
   * Whether noise is smoothed; `off` is no.
   * @attr
   * @type {boolean | null}
   */
  get denoise() {
    return switchOf(this.getAttribute('denoise'));
  }

  set denoise(on) {
    this.#setSwitch('denoise', on);
  }

  /**
   * What of a picture the network sees: `crop`, the square in its middle; `stretch`, all of it, squeezed into a square.
   * @attr
   * @type {'crop' | 'stretch' | null}
   */
  get framing() {
    return framings.find((each) => each === this.getAttribute('framing')) ?? null;
  }

  set framing(framing) {
    if (framing === null) this.removeAttribute('framing');
    else this.setAttribute('framing', framing);
  }

  /**
   * The answer that is shown, as `classify()` resolves with it; `null` where there is none.
   * @type {Outcome | null}
   */
  get outcome() {
    return this.#session?.outcome ?? null;
  }

  /**
   * A promise for the `detail` of the first `ready`. It fetches nothing by itself: an element that nobody sees or uses gets
   * ready by `loading="eager"` alone.
   * @type {Promise<ReadyDetail>}
   */
  get ready() {
    return this.#ready;
  }

  /**
   * Shows and classifies a `File`, `Blob`, `URL` or address, `ImageData`, `ImageBitmap`, canvas (`HTMLCanvasElement` or
   * `OffscreenCanvas`), video or image element, as it is at that moment. Resolves with the outcome of the network asked
   * for or, where that can't be had, of the one that stands in for it; rejects with an error that has a `code`, or with an
   * `AbortError` where another picture comes first, or `clear()`, or the element is removed. It works before the element
   * is seen, and without it being in the page at all.
   *
   * @param {Source} source
   * @returns {Promise<Outcome>}
   */
  async classify(source) {
    const given = pictureOf(source);
    const cleared = this.#cleared;
    this.#calls += 1;
    try {
      const session = await this.#wake();
      if (cleared !== this.#cleared) throw new DOMException('The element has been cleared.', 'AbortError');
      return await session.classify(given);
    } finally {
      this.#calls -= 1;
      if (!this.isConnected && this.#calls === 0) this.#session?.pause();
    }
  }

  /** Puts the picture, its answer and the camera away. */
  clear() {
    this.#cleared += 1;
    this.#session?.clear();
  }

  /**
   * Switches the camera on, whether the element offers it (`webcam`) or not. Resolves when its picture is there; rejects
   * with an error that has a `code`, or with an `AbortError` where something else is asked for first. An element that is in no
   * document can't show it, and rejects with an `InvalidStateError`.
   *
   * @returns {Promise<void>}
   */
  async startCamera() {
    const [cleared, stops] = [this.#cleared, this.#stops];
    const session = await this.#wake();
    if (!this.isConnected) throw new DOMException('The element is in no document.', 'InvalidStateError');
    if (cleared !== this.#cleared || stops !== this.#stops) throw new DOMException('The camera has been stopped.', 'AbortError');
    return session.startCamera();
  }

  /** Switches the camera off, and puts its answer away; a photo stays. */
  stopCamera() {
    this.#stops += 1;
    this.#session?.stopCamera();
  }

  /**
   * Focuses the first button in it.
   * @override
   * @param {FocusOptions} [options]
   */
  focus(options) {
    this.#session?.focus(options);
  }

  connectedCallback() {
    addStyles(this.#root);
    for (const name of properties) this.#upgrade(name);
    this.#unfollow();
    this.#unfollow = whenLanguageChanges(this, () => void this.#localize());
    this.#await();
  }

  disconnectedCallback() {
    this.#unwatch();
    this.#unfollow();
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
    if (name === 'loading' && this.isConnected) this.#await();
    if (!session || before === now) return;
    switch (name) {
      case 'loading':
        break;
      case 'src':
        if (this.isConnected) session.openSrc();
        break;
      case 'alt':
        session.describe();
        break;
      case 'lang':
        void this.#localize();
        break;
      case 'camera':
        session.changeCamera();
        break;
      case 'contrast':
      case 'colour':
      case 'denoise':
      case 'framing':
        session.prepare();
        break;
      case 'model':
      case 'backend':
        session.change();
        break;
      default:
        session.offer();
    }
  }

  /**
   * @param {string} name of the attribute
   * @param {boolean | null} on
   */
  #setSwitch(name, on) {
    if (on === null) this.removeAttribute(name);
    else this.setAttribute(name, on ? '' : 'off');
  }

  /** Wakes it when it is to be seen, or at once. */
  #await() {
    this.#unwatch();
    const wake = async () => {
      try {
        const session = await this.#wake();
        if (this.isConnected) session.resume();
      } catch {
        // the page has heard of it by `error`; the next use tries again
      }
    };
    this.#unwatch = this.loading === 'eager' ? () => {} : whenVisible(this, wake);
    if (this.loading === 'eager') void wake();
  }

  /**
   * Dispatches an event for the page around it.
   *
   * @template {keyof Details} T
   * @param {T} type
   * @param {Details[T]} detail
   */
  #emit(type, detail) {
    const passesOn = type !== 'error';
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: passesOn, composed: passesOn }));
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
    const session = new Session(this, localizer, (type, detail) => {
      if (type === 'ready') this.#becomeReady(/** @type {ReadyDetail} */ (detail));
      this.#emit(type, detail);
    });
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
    if (!this.#localizer) return;
    const { languagesOf } = await import('../i18n/localizer.js');
    await this.#localizer.setLanguages(languagesOf(this));
  }

  /**
   * A property that was set before this class was known hides the one of the class.
   * @param {typeof properties[number]} name
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

/**
 * @param {string | null} value of an attribute that can say yes, no, and nothing
 */
function switchOf(value) {
  return value === null ? null : !['off', 'false', 'no'].includes(value.trim().toLowerCase());
}
