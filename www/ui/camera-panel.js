/** @import { LiveState } from '../core/types.js' */
/** @import { Camera } from '../camera/capture.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { PhotoStage } from './photo-stage.js' */
import { make, makeButton, setText } from './dom.js';
import { focusedAround, focusFirst } from './focus.js';

/**
 * What people can ask of the live picture.
 *
 * @typedef {object} CameraHandlers
 * @property {() => void} stop
 * @property {() => void} freeze
 */

/**
 * What to do with the live picture, which is seen on the stage; and what is said of it.
 */
export class CameraPanel {
  #localizer;
  #stage;
  #note = make('p', { id: 'live-note', class: 'small' });
  #freeze;
  #stop;
  /** @type {LiveState} */
  #state = 'off';

  /** Beside them, more can be put that is to be asked of the camera. */
  buttons;
  root;
  /** Outside the panel: what is shown together with its text isn't read. */
  announcement = make('p', { id: 'live-announcement', class: 'unseen', role: 'status' });

  /**
   * @param {Localizer} localizer
   * @param {PhotoStage} stage
   * @param {CameraHandlers} handlers
   */
  constructor(localizer, stage, { stop, freeze }) {
    this.#localizer = localizer;
    this.#stage = stage;
    this.#freeze = makeButton('freeze', 'button', freeze);
    this.#stop = makeButton('live-stop', 'button plain', stop);
    this.#freeze.disabled = true;
    this.buttons = make('div', { class: 'buttons' }, this.#freeze, this.#stop);
    this.root = make('div', { id: 'live', class: 'camera', hidden: '' }, this.#note, this.buttons);
    localizer.follow(() => {
      setText(this.#freeze, localizer.words.page.freeze);
      setText(this.#stop, localizer.words.page.stop);
      setText(this.#note, localizer.words.live[this.#state]);
    });
  }

  /**
   * @param {LiveState} state
   * @param {Camera | null} camera the one that is on
   */
  setState(state, camera) {
    const live = state !== 'off';
    const focused = focusedAround(this.root);
    this.#state = state;
    this.root.hidden = !live;
    this.#freeze.disabled = state !== 'running';
    this.#stage.setLive(live, camera?.mirrored);
    const text = this.#localizer.words.live[state];
    setText(this.#note, text);
    setText(this.announcement, text);
    // Whoever works with the keyboard goes on where the button was that has just disappeared.
    const starters = this.#stage.cameraButtons;
    if (live && starters.some((button) => button === focused)) this.focus();
    else if (live && focused === this.#freeze && this.#freeze.disabled) this.focus();
    else if (!live && this.root.contains(focused)) focusFirst(starters);
  }

  /** For whoever has begun it from elsewhere. */
  focus() {
    this.#stop.focus();
  }
}
