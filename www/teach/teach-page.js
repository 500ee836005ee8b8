/** @import { Phrase } from '../i18n/index.js' */
/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Dropped } from '../ui/dropped-files.js' */
/** @import { Job } from './embedder.js' */
/** @import { Content } from './project.js' */
import { Failure, messageOf } from '../core/errors.js';
import { models } from '../core/models.js';
import { recallBackend } from '../core/preferences.js';
import { recallSpeeds, rememberSpeeds } from '../core/speeds.js';
import { EngineClient } from '../rpc/client.js';
import { LearnerClient } from '../rpc/learner-client.js';
import { byId } from '../ui/dom.js';
import { DownloadProgress } from '../ui/download-progress.js';
import { ErrorBox } from '../ui/error-box.js';
import { packProject, unpackProject } from './archive.js';
import { ClassList } from './class-list.js';
import { carriesFiles, droppedFiles } from '../ui/dropped-files.js';
import { Embedder } from './embedder.js';
import { ExportPanel } from './export-panel.js';
import { GroupView } from './group-view.js';
import { KeepPanel } from './keep-panel.js';
import { LazyPictures } from '../ui/lazy-pictures.js';
import { LiveAnswer } from './live-answer.js';
import { PictureDialog } from './picture-dialog.js';
import { ProgressPanel } from './progress-panel.js';
import { Project } from './project.js';
import { RecordingSettings } from './recording-settings.js';
import { ReportPanel } from './report-panel.js';
import { fileNameFor, saveFile } from '../ui/save-file.js';
import { Storage } from './storage.js';
import { Teacher } from './teacher.js';
import { toJpeg } from '../ui/thumbnails.js';

/** The quality of what the camera records; the network sees it. */
const RECORDED = 0.95;

/** What a failure is called that is about no photo. */
const NO_NAME = () => '';

/** Ties the parts of teach.html together: project, engine and learner on one side, what is seen of them on the other. */
export class TeachPage {
  #localizer;
  #project = new Project();
  #engine;
  #embedder;
  #teacher;
  #storage;
  #live;
  #classes;
  #groups;
  #recording;
  #keep;
  #export;
  #error;
  #progress;
  #dialog;
  /** @type {string | null} which network the project's embeddings are of */
  #madeBy = null;
  /** Groups are made by themselves when the photos for them have been looked at. */
  #groupsWhenDone = false;

  /** @param {Localizer<WordsOfTeaching>} localizer */
  constructor(localizer) {
    const network = models[models.length - 1];
    if (!network) throw new Error('www/core/models.js lists no model');
    const preference = recallBackend();
    this.#localizer = localizer;
    this.#engine = new EngineClient({ models: [network], choice: network.id, preference, speeds: recallSpeeds() });
    this.#embedder = new Embedder(this.#engine, this.#project);
    this.#teacher = new Teacher(this.#project, new LearnerClient(network.weights));
    this.#storage = new Storage(this.#project, () => this.#madeBy ?? '');
    this.#error = new ErrorBox(localizer, () => this.#retry());
    this.#progress = new DownloadProgress(localizer);
    this.#dialog = new PictureDialog(localizer, this.#project);
    const lazy = new LazyPictures();
    const pictures = {
      open: (/** @type {number} */ id) => void this.#dialog.open(id),
      remove: (/** @type {number} */ id) => this.#project.removePictures([id]),
    };

    this.#live = new LiveAnswer(localizer, this.#engine, this.#project, this.#teacher, {
      failure: (failure, name) => this.#fail(failure, name),
      begin: () => this.#error.clear(),
      cameraLost: () => this.#classes.stop(),
    });
    this.#recording = new RecordingSettings(localizer, () => this.#classes.render());
    this.#classes = new ClassList(localizer, this.#project, lazy, {
      files: (files, place) => this.#take(files, () => place),
      folders: (files) => this.#takeFolders(files),
      frame: (frame, place) => void this.#record(frame, place),
      remove: (id) => this.#removeClass(id),
      pictures,
      camera: { frame: () => this.#live.frame(), start: () => this.#live.start() },
      pace: () => this.#recording.pace,
    });
    this.#groups = new GroupView(localizer, this.#project, this.#teacher, lazy, {
      files: (files) => {
        this.#groupsWhenDone = true;
        this.#take(files, () => null);
      },
      pictures,
      failure: (failure) => this.#fail(failure),
    });
    const report = new ReportPanel(localizer, this.#project, this.#teacher, lazy, pictures);
    this.#keep = new KeepPanel(localizer, this.#project, this.#storage, {
      exportProject: () => void this.#exportProject(),
      importProject: (file) => void this.#importProject(file),
    });
    this.#export = new ExportPanel(localizer, this.#teacher, { fileName: () => this.#fileName, save: (whole) => void this.#saveWeights(whole) });
    this.#mount({ report: report.root, looking: new ProgressPanel(localizer, this.#embedder).root });
    this.#listen();
  }

  /** Opens what was kept here, and gets the network ready. */
  async begin() {
    this.#engine.addEventListener('change', () => this.#refresh());
    this.#engine.start();
    this.#refresh();
    const kept = await this.#storage.open();
    if (kept) {
      this.#adopt(kept);
      this.#storage.resume();
      this.#keep.reopened();
    }
    document.documentElement.dataset.opened = '';
  }

  /** The components take the places that teach.html keeps for them. @param {Record<'report' | 'looking', HTMLElement>} others */
  #mount({ report, looking }) {
    byId('progress', HTMLElement).replaceWith(this.#progress.root);
    byId('error', HTMLElement).replaceWith(this.#error.root);
    byId('looking', HTMLElement).replaceWith(looking);
    byId('class-place', HTMLElement).append(this.#classes.root, this.#recording.root);
    byId('try-place', HTMLElement).append(this.#live.root);
    byId('report-place', HTMLElement).append(report);
    byId('group-place', HTMLElement).append(this.#groups.root);
    byId('keep-place', HTMLElement).append(this.#keep.root, this.#export.root);
    document.body.append(this.#dialog.root);
  }

  #listen() {
    // Whatever is dropped beside the places that take it: folders become classes, photos a new one.
    addEventListener('dragover', (event) => event.preventDefault());
    addEventListener('drop', async (event) => {
      event.preventDefault();
      if (carriesFiles(event)) this.#takeFolders(await droppedFiles(event.dataTransfer));
    });
    // A picture that is pasted beside the cards is one to try.
    addEventListener('paste', (event) => {
      const file = [...(event.clipboardData?.files ?? [])].find(({ type }) => type.startsWith('image/'));
      if (!file) return;
      event.preventDefault();
      void this.#live.open(file, (words) => words.pasted);
    });
    this.#embedder.addEventListener('change', () => {
      const { progress, failure } = this.#embedder;
      if (failure) this.#fail(failure);
      if (!progress && this.#groupsWhenDone) {
        this.#groupsWhenDone = false;
        void this.#groups.group();
      }
    });
    let failed = false;
    this.#teacher.addEventListener('change', () => {
      if (this.#teacher.failure) this.#fail(this.#teacher.failure);
      else if (failed) this.#error.clear();
      failed = this.#teacher.failure !== null;
    });
    this.#project.addEventListener('change', () => this.#export.render());
    addEventListener('pagehide', () => void this.#storage.settled());
  }

  /** What says which network looks at the pictures; '' until it is there. */
  get #network() {
    const { info } = this.#engine.status;
    return info ? [info.architecture, info.provenance.trained, info.provenance.commit].join(' ') : '';
  }

  /**
   * Goes on with a project that was kept or taken along.
   * @param {{ content: Content, network: string }} found
   */
  #adopt({ content, network }) {
    this.#project.load(content);
    this.#madeBy = network;
    this.#checkNetwork();
  }

  /** Embeddings of another network than the one that is here are of no use: the small pictures are looked at again. */
  #checkNetwork() {
    const network = this.#network;
    if (!network) return;
    const other = this.#madeBy !== null && this.#madeBy !== network;
    this.#madeBy = network;
    if (other) this.#project.forgetEmbeddings();
    this.#embedWhatLacks();
  }

  get #fileName() {
    return `${fileNameFor(this.#project.name, 'classes')}.safetensors`;
  }

  /**
   * @param {readonly Dropped[]} files
   * @param {(folder: string) => number | null} placeOf
   */
  #take(files, placeOf) {
    this.#error.clear();
    if (files.length === 0) this.#fail(new Failure('nothing-dropped'));
    this.#embedder.add(files.map(({ file, folder }) => ({ file, name: file.name, place: placeOf(folder) })));
  }

  /**
   * Each folder becomes a class, or goes into the one of its name; photos in none become a class together.
   * @param {readonly Dropped[]} files
   */
  #takeFolders(files) {
    /** @type {Map<string, number>} */
    const places = new Map();
    this.#take(files, (folder) => {
      const { classes } = this.#localizer.words.teach;
      const name = folder || classes.unnamed(this.#project.classes.length + 1);
      const place = places.get(folder) ?? (folder ? this.#project.classNamed(folder) : null)?.id ?? this.#project.addClass(name).id;
      places.set(folder, place);
      return place;
    });
  }

  /**
   * @param {HTMLCanvasElement} frame
   * @param {number} place
   */
  async #record(frame, place) {
    const name = this.#localizer.words.frozen(new Date());
    try {
      this.#embedder.add([{ file: await toJpeg(frame, RECORDED), name, place }]);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {number} id */
  #removeClass(id) {
    const { classes } = this.#localizer.words.teach;
    const count = this.#project.picturesOf(id).length;
    const name = this.#project.class(id)?.name ?? '';
    if (count === 0 || confirm(classes.confirmRemoval(name, count))) this.#project.removeClass(id);
  }

  /** Pictures of a project whose embeddings are another network's, or nobody's. */
  #embedWhatLacks() {
    /** @type {Job[]} */
    const jobs = this.#project.pictures.flatMap(({ id, name, thumbnail, embedding }) => (embedding ? [] : [{ id, name, file: thumbnail }]));
    this.#embedder.add(jobs);
  }

  async #exportProject() {
    try {
      const { name, classes, pictures } = this.#project;
      const zip = await packProject(await import('../vendor/fflate.js'), { name, classes: [...classes], pictures: [...pictures] }, this.#madeBy ?? '');
      saveFile(zip, `${fileNameFor(name, 'classes')}.zip`);
    } catch (error) {
      this.#fail(error);
    }
  }

  /** @param {File} file */
  async #importProject(file) {
    this.#error.clear();
    try {
      const found = await unpackProject(await import('../vendor/fflate.js'), file);
      this.#embedder.cancel();
      if ('content' in found) {
        this.#adopt(found);
      } else {
        this.#project.clear();
        this.#takeFolders(found.files.map((each) => ({ ...each, path: each.file.name })));
      }
    } catch (error) {
      this.#fail(error, () => file.name);
    }
  }

  /** @param {boolean} whole */
  async #saveWeights(whole) {
    try {
      const bytes = /** @type {Uint8Array<ArrayBuffer>} */ (await this.#teacher.export(whole));
      saveFile(new Blob([bytes]), this.#fileName);
    } catch (error) {
      this.#fail(error);
    }
  }

  #retry() {
    this.#error.clear();
    if (this.#engine.status.state === 'failed') this.#engine.start();
    if (this.#live.failed) this.#live.start();
    if (this.#teacher.failure) this.#teacher.retry();
    void this.#embedder.work();
  }

  /**
   * @param {unknown} error
   * @param {Phrase} [name]
   */
  #fail(error, name = NO_NAME) {
    const failure = error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error);
    const retriable = this.#engine.status.state === 'failed' || this.#live.failed || !!this.#teacher.failure || !!this.#embedder.failure;
    this.#error.show(failure, name, retriable);
  }

  #refresh() {
    if (this.#network && this.#madeBy !== this.#network) this.#checkNetwork();
    const { state, progress, speeds, backend } = this.#engine.status;
    Object.assign(document.documentElement.dataset, { state, backend: backend ?? '' });
    if (state === 'loading') this.#progress.show(progress);
    else this.#progress.hide();
    if (state === 'failed') this.#fail(this.#engine.failure ?? new Failure('unexpected'));
    rememberSpeeds(speeds);
  }
}
