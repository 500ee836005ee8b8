/** @import { Get, ControllerHandlers } from '../core/controller.js' */
/** @import { Outcome } from '../core/types.js' */
/** @import { Phrase } from '../i18n/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
import { toPng } from '../core/frame-to-png.js';
import { Controller } from '../core/controller.js';
import { Failure } from '../core/errors.js';
import { models } from '../core/models.js';
import { networkOfAddress } from '../core/network-of-address.js';
import { recall, recallBackend, remember } from '../core/preferences.js';
import { recallSpeeds, rememberSpeeds } from '../core/speeds.js';
import { InstallPrompt } from '../pwa/install-prompt.js';
import { OfflineCopy } from '../pwa/offline-copy.js';
import { EngineClient } from '../rpc/client.js';
import { byId } from '../ui/dom.js';
import { DownloadProgress } from '../ui/download-progress.js';
import { ErrorBox } from '../ui/error-box.js';
import { PhotoStage } from '../ui/photo-stage.js';
import { NO_REMARK } from '../ui/result-panel.js';
import { BackendSelect } from './backend-select.js';
import { CameraMode } from './camera-mode.js';
import { DetailedResult } from './detailed-result.js';
import { ModelInfo } from './model-info.js';
import { ModelSelect } from './model-select.js';
import { OfflineStatus } from './offline-status.js';
import { PageState } from './page-state.js';
import { PhotoSources } from './photo-sources.js';
import { PreprocessingOptions } from './preprocessing-options.js';
import { Question } from './question.js';

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
  #sources;
  #result;
  #error;
  #progress;
  #question;
  #modelInfo;
  #modelSelect;
  #backendSelect;
  #preprocessing;
  #introduction = byId('how', HTMLElement);

  /** @type {{ name: Phrase, mirrored: boolean }} the photo that is shown or looked for, as people see it */
  #photo = { name: NO_NAME, mirrored: false };
  /** Whether what is on the stage outlives the next beginning, so that nothing blinks. */
  #keepsStage = false;
  #status;

  /** @param {Localizer} localizer */
  constructor(localizer) {
    const usual = models[models.length - 1]?.id;
    const own = networkOfAddress();
    const networks = own ? [...models, own] : models;
    const ids = networks.map(({ id }) => id);
    if (!usual) throw new Error('www/core/models.js lists no model');
    const choice = own?.id ?? ids.find((id) => id === recall('model')) ?? usual;
    const preference = recallBackend();
    this.#localizer = localizer;
    this.#engine = new EngineClient({ models: networks, choice, preference, speeds: recallSpeeds() });
    this.#status = this.#engine.status;
    this.#controller = new Controller(this.#engine, this.#photoHandlers());

    const stageHandlers = { choose: () => this.#sources.fileInput.open(), startCamera: () => this.#startCamera() };
    this.#stage = new PhotoStage(localizer, stageHandlers, { paste: (words) => words.page.paste });
    this.#camera = new CameraMode(localizer, this.#engine, this.#stage, {
      state: (state) => this.#state.setLive(state),
      outcome: (outcome) => this.#showOutcome(outcome, true),
      failure: (failure) => this.#showFailure(failure, NO_NAME, true),
      stopped: () => this.#clearResult(),
      frozen: (frame, mirrored) => this.#freeze(frame, mirrored),
    });
    this.#result = new DetailedResult(localizer);
    this.#error = new ErrorBox(localizer, () => this.#retry());
    this.#progress = new DownloadProgress(localizer);
    this.#question = new Question(localizer);
    this.#modelInfo = new ModelInfo(localizer);
    this.#modelSelect = new ModelSelect(localizer, ids, usual, (chosen) => {
      remember('model', chosen);
      this.#engine.choose(chosen);
    });
    this.#backendSelect = new BackendSelect(localizer, (chosen) => {
      remember('backend', chosen);
      this.#engine.prefer(chosen);
    });
    this.#preprocessing = new PreprocessingOptions((wishes) => {
      void this.#controller.choose(wishes);
      this.#camera.choose(wishes);
    });
    new OfflineStatus(localizer, this.#offlineCopy, new InstallPrompt());
    this.#sources = new PhotoSources(localizer, {
      open: (name, get) => {
        this.#camera.stop();
        this.#open(name, get);
      },
      refuse: (failure) => {
        this.#camera.stop();
        this.#photo = { name: NO_NAME, mirrored: false };
        void this.#controller.refuse(failure);
      },
      dragging: (over) => this.#stage.setDragging(over),
    });
    this.#mount();

    this.#engine.addEventListener('change', () => this.#refresh());
    this.#engine.start();
    this.#refresh();
    void this.#sources.openShared();
  }

  /** The components take the places that index.html keeps for them. */
  #mount() {
    const { fileInput, sampleList } = this.#sources;
    const { root, announcement } = this.#camera;
    byId('drop', HTMLElement).replaceChildren(fileInput.root, announcement, this.#stage.root, root, this.#stage.caption);
    byId('announcement', HTMLElement).replaceWith(this.#result.announcement);
    byId('progress', HTMLElement).replaceWith(this.#progress.root);
    byId('error', HTMLElement).replaceWith(this.#error.root);
    byId('answer', HTMLElement).replaceWith(this.#result.root);
    byId('samples', HTMLElement).replaceChildren(sampleList.root);
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
        preview.close();
      },
      outcome: (outcome) => this.#showOutcome(outcome),
      failure: (failure) => this.#showFailure(failure, this.#photo.name, this.#engine.status.state === 'failed'),
      idle: () => {
        this.#setBusy(false);
        this.#refresh();
      },
    };
  }

  /**
   * @param {Phrase} name
   * @param {Get} get
   * @param {boolean} [mirrored]
   */
  #open(name, get, mirrored = false) {
    this.#photo = { name, mirrored };
    void this.#controller.open(name(this.#localizer.words), get);
  }

  /** The live picture takes the photo's place. */
  #startCamera() {
    this.#controller.close();
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
    this.#open(name, () => toPng(frame), mirrored);
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
    rememberSpeeds(now.speeds);
    if (now.state !== 'loading' && !now.loading) void this.#offlineCopy.start();
    if (now.model !== before.model) this.#describeModel();
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
