/** @import { Phrase } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { make, makeButton, setText } from './dom.js';
import { drawPicture } from './draw.js';
import { focusedAround, focusFirst, isUsable } from './focus.js';

/**
 * What people can ask for here.
 *
 * @typedef {object} StageHandlers
 * @property {() => void} choose
 * @property {() => void} startCamera
 */

/**
 * The place where the photo is dropped and then shown, or the camera's live picture; with the buttons that begin either.
 * Where the surroundings put the caption is up to them.
 */
export class PhotoStage {
  #localizer;
  #invitation = make('p', { class: 'big' });
  #choose;
  #startCamera;
  #paste = make('p', { class: 'small' });
  #photo = make('canvas', { id: 'photo', class: 'photo', part: 'photo', role: 'img', hidden: '' });
  #name = make('span', { id: 'photo-name', class: 'name', part: 'name' });
  #another;
  #returnToCamera;
  /** @type {{ name: Phrase, alt: string } | null} what is on the canvas */
  #shown = null;
  #mirrored = false;
  #frozen = false;

  root;
  caption;

  /**
   * @param {Localizer} localizer
   * @param {StageHandlers} handlers
   * @param {{ paste: Phrase, camera?: boolean }} options how pasting is said; whether the camera is offered
   */
  constructor(localizer, handlers, { paste, camera = true }) {
    this.#localizer = localizer;
    this.#choose = makeButton('choose', 'button', handlers.choose);
    this.#startCamera = makeButton('live-start', 'button plain', handlers.startCamera);
    this.#another = makeButton('another', 'quiet', handlers.choose);
    this.#returnToCamera = makeButton('live-back', 'quiet', handlers.startCamera);
    const ways = make('div', { class: 'ways' }, this.#choose, this.#startCamera);
    const invite = make('div', { class: 'invite' }, this.#invitation, ways, this.#paste);
    const working = make('p', { class: 'working', 'aria-hidden': 'true' });
    this.root = make('div', { class: 'stage', part: 'stage', 'data-state': 'empty' }, this.#photo, invite, working);
    this.caption = make('div', { class: 'caption', hidden: '' }, this.#name, this.#another, this.#returnToCamera);
    this.offerCamera(camera);
    // The whole empty stage is a button for those who point.
    this.root.addEventListener('click', ({ target }) => {
      const onControl = target instanceof Element && target.closest('button, input');
      if (!onControl && this.state === 'empty') handlers.choose();
    });
    localizer.follow(() => {
      const { words } = localizer;
      setText(this.#invitation, words.page.drop);
      setText(this.#choose, words.page.choose);
      setText(this.#startCamera, words.page.live);
      setText(this.#paste, paste(words));
      setText(this.#another, words.page.another);
      this.#renderCaption();
      this.#labelVideo();
    });
  }

  /** @returns {'empty' | 'photo' | 'live'} */
  get state() {
    return /** @type {'empty' | 'photo' | 'live'} */ (this.root.dataset.state);
  }

  /** The buttons that begin the live picture: in the empty stage and under a photo. */
  get cameraButtons() {
    return [this.#startCamera, this.#returnToCamera];
  }

  /** What is seen of the photo. */
  get picture() {
    return { photo: this.#photo, mirrored: this.#photo.hasAttribute('data-mirrored') };
  }

  /** What is seen: the photo, or the live picture. */
  get view() {
    const video = this.state === 'live' ? this.#video : null;
    return video ? { picture: video, mirrored: this.#mirrored } : { picture: this.#photo, mirrored: this.picture.mirrored };
  }

  /** For whoever has used something that is gone now: on to choosing a photo. */
  focus() {
    focusFirst([this.#another, this.#choose]);
  }

  /** @param {boolean} offered */
  offerCamera(offered) {
    this.#startCamera.hidden = this.#returnToCamera.hidden = !offered;
  }

  /** @param {boolean} busy whether a picture is being opened or looked at */
  setBusy(busy) {
    this.root.toggleAttribute('data-busy', busy);
  }

  /** @param {boolean} dragging whether a file hovers over it */
  setDragging(dragging) {
    this.root.toggleAttribute('data-dragging', dragging);
  }

  /**
   * Under a frozen picture the way back says what it is.
   * @param {boolean} frozen
   */
  setFrozen(frozen) {
    this.#frozen = frozen;
    this.#renderCaption();
  }

  /** Empties it; a live picture goes on. */
  clear() {
    this.#shown = null;
    this.#photo.width = this.#photo.height = 0;
    this.#name.textContent = '';
    if (this.state === 'photo') this.#setState('empty');
  }

  /**
   * @param {ImageBitmap | HTMLCanvasElement} picture
   * @param {Phrase} name
   * @param {{ alt?: string, mirrored?: boolean }} [options] what it shows, where somebody has said so; whether it is seen in a mirror
   */
  show(picture, name, { alt = '', mirrored = false } = {}) {
    drawPicture(this.#photo, picture);
    this.#photo.toggleAttribute('data-mirrored', mirrored);
    this.#shown = { name, alt };
    this.#renderCaption();
    this.#setState('photo');
  }

  /** @param {string} alt what the photo shows */
  describe(alt) {
    if (!this.#shown) return;
    this.#shown.alt = alt;
    this.#renderCaption();
  }

  /**
   * Where the live picture is seen while there is one.
   * @param {HTMLVideoElement} video
   */
  place(video) {
    video.setAttribute('part', 'video');
    video.hidden = this.state !== 'live';
    video.toggleAttribute('data-mirrored', this.#mirrored);
    this.root.prepend(video);
    this.#labelVideo();
  }

  /**
   * @param {boolean} live whether the live picture takes the photo's place
   * @param {boolean} [mirrored]
   */
  setLive(live, mirrored = this.#mirrored) {
    this.#mirrored = mirrored;
    this.#video?.toggleAttribute('data-mirrored', mirrored);
    if (live) this.#setState('live');
    else if (this.state === 'live') this.#setState('empty');
  }

  /** The video, while it is here: an element that shares it takes it away. */
  get #video() {
    return this.root.querySelector('video');
  }

  #labelVideo() {
    this.#video?.setAttribute('aria-label', this.#localizer.words.livePicture);
  }

  #renderCaption() {
    const { words } = this.#localizer;
    setText(this.#returnToCamera, this.#frozen ? words.page.liveAgain : words.page.live);
    if (!this.#shown) return;
    const name = this.#shown.name(words);
    setText(this.#name, name);
    this.#photo.setAttribute('aria-label', this.#shown.alt || words.photoAlt(name));
  }

  /** @param {'empty' | 'photo' | 'live'} state */
  #setState(state) {
    const focused = focusedAround(this.root);
    this.root.dataset.state = state;
    this.#photo.hidden = this.caption.hidden = state !== 'photo';
    if (this.#video) this.#video.hidden = state !== 'live';
    const chooses = focused === this.#choose || focused === this.#another;
    if (chooses && !isUsable(focused)) focusFirst([this.#another, this.#choose]);
  }
}
