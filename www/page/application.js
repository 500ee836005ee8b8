/** @import { ControllerHandlers } from '../core/controller.js' */
/** @import { Outcome, Status, Wishes } from '../core/types.js' */
/** @import { Phrase } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Incoming, Kept } from './photo-queue.js' */
/** @import { startEngine } from './start-engine.js' */
import { toPng } from '../core/frame-to-png.js';
import { Controller } from '../core/controller.js';
import { Failure } from '../core/errors.js';
import { ownFileId } from '../core/models.js';
import { AS_IT_IS } from '../core/options.js';
import { remember } from '../core/preferences.js';
import { rememberSpeeds } from '../core/speeds.js';
import { InstallPrompt } from '../pwa/install-prompt.js';
import { OfflineCopy } from '../pwa/offline-copy.js';
import { byId } from '../ui/dom.js';
import { DownloadProgress } from '../ui/download-progress.js';
import { ErrorBox } from '../ui/error-box.js';
import { keepFocusInSight } from '../ui/keep-in-sight.js';
import { PhotoStage } from '../ui/photo-stage.js';
import { NO_REMARK } from '../ui/result-panel.js';
import { WeightsInput } from '../ui/weights-input.js';
import { BackendSelect } from './backend-select.js';
import { CameraMode } from './camera-mode.js';
import { DetailedResult } from './detailed-result.js';
import { Inside } from './inside.js';
import { ModelInfo } from './model-info.js';
import { ModelSelect } from './model-select.js';
import { OfflineStatus } from './offline-status.js';
import { PageState } from './page-state.js';
import { PhotoEdit } from './photo-edit.js';
import { PhotoQueue } from './photo-queue.js';
import { PhotoSources } from './photo-sources.js';
import { PhotoStrip } from './photo-strip.js';
import { PreprocessingOptions } from './preprocessing-options.js';
import { Question } from './question.js';
import { ResultExport } from './result-export.js';
import { WhereItLooked } from './where-it-looked.js';

/** What a failure is called that is about no photo. */
const NO_NAME = () => '';

/** Ties the parts of the page together: engine, controller and camera on one side, what is seen of them on the other. */
export class Application {
  #localizer;
  #engine;
  #controller;
  #offlineCopy = new OfflineCopy();
  #state = new PageState();
  #stage;
  #camera;
  #queue;
  #strip;
  #sources;
  #edit;
  #result;
  #export;
  #where;
  #error;
  #progress;
  #question;
  #modelInfo;
  #modelSelect;
  #weights;
  /** The networks that the page has been opened with. @type {readonly string[]} */
  #listed;
  /** Networks that somebody has opened, which have no address: their files, by their names. @type {Map<string, File>} */
  #opened = new Map();
  #backendSelect;
  #preprocessing;
  #inside;
  /** @type {Wishes} */
  #wishes = AS_IT_IS;
  #introduction = byId('how', HTMLElement);

  /** @type {{ name: Phrase, mirrored: boolean }} the photo that is shown or looked for, as people see it */
  #photo = { name: NO_NAME, mirrored: false };
  /** Whether what is on the stage outlives the next beginning, so that nothing blinks. */
  #keepsStage = false;
  /** The engine's status when it was last looked at. @type {Pick<Status, 'state' | 'model'>} */
  #status = { state: 'loading', model: null };

  /**
   * @param {Localizer} localizer
   * @param {ReturnType<typeof startEngine>} started
   */
  constructor(localizer, { engine, networks, usual }) {
    const ids = networks.map(({ id }) => id);
    this.#localizer = localizer;
    this.#listed = ids;
    this.#engine = engine;
    this.#controller = new Controller(this.#engine, this.#photoHandlers());

    const stageHandlers = { choose: () => this.#sources.fileInput.open(), startCamera: () => this.#startCamera() };
    this.#stage = new PhotoStage(localizer, stageHandlers, { paste: (words) => words.page.paste });
    this.#camera = new CameraMode(localizer, { classify: (...frame) => this.#where.answerFrame(this.#engine, ...frame) }, this.#stage, {
      state: (state) => this.#state.setLive(state),
      outcome: (outcome) => this.#showOutcome(outcome, true),
      failure: (failure) => this.#showFailure(failure, NO_NAME, true),
      stopped: () => this.#clearResult(),
      frozen: (frame, mirrored) => this.#freeze(frame, mirrored),
    });
    this.#queue = new PhotoQueue(this.#engine);
    this.#strip = new PhotoStrip(localizer, this.#queue, {
      open: (photo) => {
        this.#camera.stop();
        this.#show(photo);
      },
      away: () => {
        this.#queue.clear();
        this.#stage.focus(); // the button has just disappeared
      },
    });
    this.#edit = new PhotoEdit(localizer, this.#stage, (edit) => {
      const photo = this.#queue.edit(edit);
      if (!photo) return;
      this.#keepsStage = true; // so that nothing blinks, and the focus stays
      this.#show(photo);
    });
    this.#result = new DetailedResult(localizer);
    this.#where = new WhereItLooked(localizer, {
      view: () => this.#stage.view,
      stage: this.#stage.root,
      ask: (request, how) => this.#controller.explain(request, how),
      offer: (pick) => this.#result.offer(pick),
      mark: (subject) => this.#result.mark(subject),
    });
    this.#export = new ResultExport(localizer, () => this.#stage.picture);
    this.#error = new ErrorBox(localizer, () => this.#retry());
    this.#progress = new DownloadProgress(localizer);
    this.#question = new Question(localizer, (classes) => this.#engine.curves(classes));
    this.#modelInfo = new ModelInfo(localizer);
    this.#modelSelect = new ModelSelect(localizer, ids, usual, (chosen) => {
      if (ids.includes(chosen)) remember('model', chosen); // a file is gone with the page
      this.#engine.choose(chosen);
    });
    this.#weights = new WeightsInput(localizer, (file) => this.#openNetwork(file));
    this.#backendSelect = new BackendSelect(localizer, (chosen) => {
      remember('backend', chosen);
      this.#engine.prefer(chosen);
    });
    this.#preprocessing = new PreprocessingOptions((wishes) => {
      this.#wishes = wishes;
      void this.#controller.choose(wishes);
      this.#camera.choose(wishes);
      this.#queue.choose(wishes);
    });
    this.#inside = new Inside(localizer, {
      engine: this.#engine,
      networks: () => [...networks, ...[...this.#opened].map(([id, weights]) => ({ id, weights }))],
      take: (name, get) => this.#take([{ name, get }]),
    });
    new OfflineStatus(localizer, this.#offlineCopy, new InstallPrompt());
    this.#sources = new PhotoSources(localizer, {
      open: (name, get) => this.#take([{ name, get }]),
      openAll: (photos) => this.#take(photos),
      openNetwork: (file) => this.#openNetwork(file),
      refuse: (failure) => {
        this.#camera.stop();
        this.#photo = { name: NO_NAME, mirrored: false };
        this.#queue.show(null);
        void this.#controller.refuse(failure);
      },
      dragging: (over) => this.#stage.setDragging(over),
    });
    this.#mount();
    keepFocusInSight(document.querySelectorAll('.desk > *'));

    this.#engine.addEventListener('change', () => this.#refresh());
    this.#refresh();
    void this.#sources.openShared();
  }

  /** The components take the places that index.html keeps for them. */
  #mount() {
    const { fileInput, sampleList } = this.#sources;
    const { root, announcement } = this.#camera;
    byId('weights-place', HTMLElement).append(this.#weights.root);
    byId('drop', HTMLElement).replaceChildren(
      fileInput.root,
      announcement,
      this.#stage.root,
      root,
      this.#stage.caption,
      this.#strip.root,
      this.#strip.announcement,
    );
    byId('announcement', HTMLElement).replaceWith(this.#result.announcement);
    byId('progress', HTMLElement).replaceWith(this.#progress.root);
    byId('error', HTMLElement).replaceWith(this.#error.root);
    byId('answer', HTMLElement).replaceWith(this.#result.root);
    byId('samples', HTMLElement).replaceChildren(sampleList.root);
    this.#stage.caption.append(this.#edit.root);
    this.#result.root.append(this.#export.root, this.#where.root);
  }

  /** @returns {ControllerHandlers} */
  #photoHandlers() {
    return {
      begin: () => {
        this.#error.clear();
        if (!this.#keepsStage) this.#stage.clear();
        this.#keepsStage = false;
        this.#clearResult();
        this.#setBusy(true);
      },
      busy: () => {
        this.#error.clear();
        this.#setBusy(true);
      },
      photo: (preview) => {
        this.#stage.show(preview, this.#photo.name, { mirrored: this.#photo.mirrored });
        this.#edit.show(Boolean(this.#queue.current?.original));
        void this.#queue.pictureOfCurrent(preview);
        preview.close();
      },
      outcome: (outcome) => {
        this.#queue.answerCurrent(outcome);
        this.#showOutcome(outcome);
      },
      failure: (failure) => {
        // Where the engine has failed, the photo may be answered yet.
        if (this.#engine.status.state !== 'failed') this.#queue.failCurrent();
        this.#showFailure(failure, this.#photo.name, this.#engine.status.state === 'failed');
      },
      idle: () => {
        this.#setBusy(false);
        this.#refresh();
        void this.#queue.work();
      },
    };
  }

  /**
   * Photos have come in: the first is shown, the others wait beside it.
   * @param {readonly Incoming[]} photos
   */
  #take(photos) {
    this.#camera.stop();
    this.#open(photos);
  }

  /** @param {readonly Incoming[]} photos */
  #open(photos) {
    const first = this.#queue.add(photos);
    if (first) this.#show(first);
  }

  /** @param {Kept} photo */
  #show(photo) {
    const { name, get, mirrored } = photo;
    this.#photo = { name, mirrored };
    this.#queue.show(photo);
    void this.#controller.open(name(this.#localizer.words), get);
  }

  /**
   * A weights file of somebody's own is one more network until the page is loaded anew; a second one of its name is another.
   * @param {File} file
   */
  #openNetwork(file) {
    const name = ownFileId(file);
    let id = name;
    for (let count = 2; this.#opened.has(id) || this.#listed.includes(id); count += 1) id = `${name} (${count})`;
    this.#opened.set(id, file);
    this.#modelSelect.add(id);
    this.#engine.choose(id, file);
    this.#modelSelect.focus(); // what becomes of it is said there
  }

  /** The live picture takes the photo's place. */
  #startCamera() {
    this.#controller.close();
    this.#queue.show(null);
    this.#camera.start();
  }

  /**
   * The live picture of this moment becomes a photo. It is shown at once, and turned as people saw it.
   *
   * @param {HTMLCanvasElement} frame
   * @param {boolean} mirrored
   */
  #freeze(frame, mirrored) {
    const time = new Date();
    /** @type {Phrase} */
    const name = (words) => words.frozen(time);
    this.#stage.show(frame, name, { mirrored });
    this.#keepsStage = true;
    this.#open([{ name, get: () => toPng(frame), mirrored }]);
  }

  #retry() {
    if (this.#engine.status.state === 'failed') this.#engine.start();
    if (this.#camera.failed) {
      this.#startCamera();
      this.#camera.focus();
    } else {
      void this.#controller.retry();
    }
  }

  /** @param {boolean} busy */
  #setBusy(busy) {
    this.#state.setBusy(busy);
    this.#stage.setBusy(this.#state.busy);
  }

  #clearResult() {
    this.#result.clear();
    this.#export.clear();
    this.#where.clear();
    this.#inside.show(null);
    this.#introduction.hidden = false;
    this.#question.show([]);
  }

  /**
   * @param {Outcome} outcome
   * @param {boolean} [live]
   */
  #showOutcome(outcome, live = false) {
    this.#introduction.hidden = true;
    this.#result.show(outcome, this.#remarkOn(outcome), live);
    if (live) this.#export.clear();
    else this.#export.show(outcome, this.#photo.name);
    this.#where.show(outcome, live);
    const shown = live ? null : this.#queue.current;
    this.#inside.show(shown && { name: shown.name, get: shown.get, outcome, wishes: this.#wishes });
    this.#question.show(outcome.ranked, live);
  }

  /**
   * @param {Failure} failure
   * @param {Phrase} name
   * @param {boolean} retriable
   */
  #showFailure(failure, name, retriable) {
    this.#clearResult();
    this.#error.show(failure, name, retriable);
  }

  /**
   * Why another network than the one asked for has answered, where one has.
   * @param {Outcome} outcome
   * @returns {Phrase}
   */
  #remarkOn(outcome) {
    const { status } = this.#engine;
    return outcome.model === status.choice ? NO_REMARK : (words) => words.remark(status);
  }

  /** The engine has changed: another network or backend answers, or a download has moved on, or it can't go on. */
  #refresh() {
    const before = this.#status;
    const now = (this.#status = this.#engine.status);
    this.#state.show(now, this.#engine.thread);
    this.#stage.setBusy(this.#state.busy);
    this.#modelSelect.show(now);
    this.#backendSelect.show(now, this.#engine.thread);
    if (now.state === 'loading') this.#progress.show(now.progress);
    else this.#progress.hide();
    // How fast a file was says nothing of another one that is called the same.
    rememberSpeeds(Object.fromEntries(Object.entries(now.speeds).filter(([id]) => !this.#opened.has(id))));
    if (now.state !== 'loading' && !now.loading) void this.#offlineCopy.start();
    if (now.model !== before.model) {
      this.#describeModel();
      if (now.model) this.#queue.again();
    }
    if (now.state !== before.state) {
      if (now.state === 'failed') this.#error.show(this.#engine.failure ?? new Failure('unexpected'), NO_NAME, true);
      else if (before.state === 'failed') this.#error.clear();
    }
    const { outcome } = this.#controller;
    if (!outcome) return;
    if (now.model && (now.model !== outcome.model || now.backend !== outcome.backend)) void this.#controller.again();
    else this.#result.setRemark(this.#remarkOn(outcome));
  }

  /** What depends on the network that answers the next photo. */
  #describeModel() {
    const { model, info, size } = this.#engine.status;
    if (!model || !info) return;
    this.#preprocessing.show(info);
    this.#question.offer(info);
    this.#modelInfo.show(model, info, size);
  }
}
