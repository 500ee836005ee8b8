/** @import { Failure } from '../core/errors.js' */
/** @import { Curves, LiveState, Progress, Reply } from '../core/types.js' */
/** @import { Camera } from '../camera/capture.js' */
/** @import { Around } from '../explain/where.js' */
/** @import { Phrase } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Result } from '../ui/result-panel.js' */
/** @import { Sample } from '../ui/sample-list.js' */
import { CameraPanel } from '../ui/camera-panel.js';
import { make, setText } from '../ui/dom.js';
import { DownloadProgress } from '../ui/download-progress.js';
import { ErrorBox, errorText } from '../ui/error-box.js';
import { focusFirst } from '../ui/focus.js';
import { FileInput } from '../ui/file-input.js';
import { PhotoStage } from '../ui/photo-stage.js';
import { ResultPanel } from '../ui/result-panel.js';
import { SampleList } from '../ui/sample-list.js';
import { YesNo } from '../ui/yes-no.js';

/**
 * What people can ask of the card.
 *
 * @typedef {object} CardHandlers
 * @property {(file: File, name: Phrase) => void} file
 * @property {() => void} nothingDropped
 * @property {(sample: Sample) => void} sample
 * @property {() => void} startCamera
 * @property {() => void} freeze
 * @property {() => void} stop
 * @property {() => void} retry
 */

/**
 * What is seen of the element: the components of `ui/` on one card. It decides nothing. Everything that it listens to is
 * inside itself, so it goes when the element goes: the page around it is somebody else's.
 */
export class Card {
  #stage;
  #camera;
  #result;
  #reply;
  #localizer;
  /** @type {Failure | null} why it can't be shown where the network looked */
  #mapFailure = null;
  #mapTrouble = make('p', { class: 'small', role: 'alert', hidden: '' });
  #error;
  #progress;
  #sampleList;
  #samples;

  root = make('div', { class: 'card', part: 'card', 'aria-busy': 'false' });

  /**
   * @param {Localizer} localizer
   * @param {CardHandlers} handlers
   */
  constructor(localizer, handlers) {
    const { file, nothingDropped, startCamera, freeze, stop } = handlers;
    this.#localizer = localizer;
    const input = new FileInput(this.root, { file, nothingDropped, dragging: (over) => this.#stage.setDragging(over) });
    this.#stage = new PhotoStage(localizer, { choose: () => input.open(), startCamera }, { paste: (words) => words.widget.paste });
    this.#camera = new CameraPanel(localizer, this.#stage, { freeze, stop });
    this.#result = new ResultPanel(localizer);
    this.#reply = new YesNo(localizer);
    this.#result.insert(this.#reply.root, this.#reply.spoken);
    this.#result.bars.after(this.#mapTrouble);
    this.#error = new ErrorBox(localizer, handlers.retry);
    this.#progress = new DownloadProgress(localizer);
    this.#sampleList = new SampleList(localizer, handlers.sample);
    const samplesText = make('p', { class: 'small' });
    const privacy = make('p', { class: 'small', part: 'privacy' });
    this.#samples = make('div', { hidden: '' }, samplesText, this.#sampleList.root);
    const parts = [this.#stage.caption, this.#camera.root, this.#error.root, this.#result.root, this.#progress.root, this.#samples, privacy];
    const regions = [this.#result.announcement, this.#camera.announcement];
    this.root.append(this.#stage.root, make('div', { class: 'below' }, ...parts, ...regions), input.root);
    localizer.follow(() => {
      this.root.lang = localizer.words.code;
      setText(samplesText, localizer.words.page.samples);
      setText(privacy, localizer.words.page.privacy);
      this.#renderMapTrouble();
    });
  }

  /** @param {boolean} offered */
  offerCamera(offered) {
    this.#stage.offerCamera(offered);
  }

  /** @param {readonly Sample[]} samples */
  offerSamples(samples) {
    this.#samples.hidden = samples.length === 0;
    this.#sampleList.show(samples);
  }

  /** Nothing is shown any longer. */
  clear() {
    this.clearResult();
    this.#stage.clear();
  }

  /** What was said of the picture holds no longer. */
  clearResult() {
    this.#result.clear();
    this.#error.clear();
  }

  /** @param {boolean} busy */
  setBusy(busy) {
    this.root.setAttribute('aria-busy', String(busy));
    this.#stage.setBusy(busy);
  }

  /**
   * @param {ImageBitmap | HTMLCanvasElement} picture
   * @param {Phrase} name
   * @param {{ alt?: string, mirrored?: boolean }} options as for the stage
   */
  showPhoto(picture, name, options) {
    this.#stage.show(picture, name, options);
  }

  /** @param {string} alt what the photo shows */
  describePhoto(alt) {
    this.#stage.describe(alt);
  }

  /** @param {FocusOptions} [options] */
  focus(options) {
    focusFirst(this.root.querySelectorAll('button'), options);
  }

  /**
   * @param {Result} result
   * @param {boolean} live whether it is one of many
   */
  showResult(result, live) {
    this.#error.clear();
    this.#result.show(result, live);
    if (live) this.#result.announceStable();
  }

  /**
   * What a question of yes or no is answered.
   *
   * @param {Reply} reply
   * @param {Curves | null} curves
   * @param {string | null} none the class that means none of the others
   * @param {boolean} drawn whether there is a picture of the curve
   */
  showReply(reply, curves, none, drawn) {
    this.#reply.show(reply, curves, none, drawn);
  }

  /** Nothing is asked. */
  clearReply() {
    this.#reply.clear();
  }

  /**
   * What a map of where the network looked is laid over and picked by.
   * @returns {Pick<Around, 'view' | 'stage' | 'offer' | 'mark'>}
   */
  get mapped() {
    return {
      view: () => this.#stage.view,
      stage: this.#stage.root,
      offer: (pick) => this.#result.offer(pick && ((label) => pick({ class: label })), { onFocus: true }),
      mark: (subject) => this.#result.mark(subject?.class ?? null),
    };
  }

  /** @param {HTMLElement} panel what is said of the map */
  placeMap(panel) {
    this.#result.bars.after(panel);
  }

  /** @param {Failure | null} failure why there can be no maps */
  showMapFailure(failure) {
    this.#mapFailure = failure;
    this.#renderMapTrouble();
  }

  /** Reads the result out. */
  announce() {
    this.#result.announce();
  }

  /**
   * @param {Failure} failure
   * @param {Phrase} name
   * @param {boolean} retriable
   */
  showError(failure, name, retriable) {
    this.#error.show(failure, name, retriable);
  }

  /** @param {Progress | null | undefined} progress undefined where nothing is being fetched that somebody waits for */
  showProgress(progress) {
    if (progress === undefined) this.#progress.hide();
    else this.#progress.show(progress);
  }

  /** @param {HTMLVideoElement} video */
  place(video) {
    this.#stage.place(video);
  }

  /**
   * @param {LiveState} state
   * @param {Camera | null} camera
   */
  setCamera(state, camera) {
    this.#camera.setState(state, camera);
  }

  /** Ends what would go on by itself. */
  rest() {
    this.#result.rest();
  }

  #renderMapTrouble() {
    const failure = this.#mapFailure;
    this.#mapTrouble.hidden = !failure;
    setText(this.#mapTrouble, failure ? errorText(this.#localizer.words, failure, '') : '');
  }
}
