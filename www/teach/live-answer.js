/** @import { LiveState, Outcome, Ranked, Wishes } from '../core/types.js' */
/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { EngineClient } from '../rpc/client.js' */
/** @import { Phrase } from '../i18n/index.js' */
/** @import { Project } from './project.js' */
/** @import { Teacher } from './teacher.js' */
import { LiveSession } from '../camera/live-session.js';
import { Failure, isAbort, messageOf } from '../core/errors.js';
import { AS_IT_IS } from '../core/options.js';
import { recall, remember } from '../core/preferences.js';
import { Announcer } from '../ui/announcer.js';
import { BarList } from '../ui/bar-list.js';
import { CameraPanel } from '../ui/camera-panel.js';
import { make, setText } from '../ui/dom.js';
import { FileInput } from '../ui/file-input.js';
import { PhotoStage } from '../ui/photo-stage.js';
import { StableValue } from '../ui/stable-value.js';

/** Milliseconds between two looks at the camera for as long as there is nothing to answer. */
const IDLE = 200;

/**
 * What has been answered, with classes as the project has them; `none` is null where it may not say so.
 * @typedef {{ ranked: { id: number, probability: number }[], none: number | null, isNone: boolean, sure: boolean }} Answered
 */

/** Answers photos and the camera's picture with what has been taught, beside the classes, while these grow. */
export class LiveAnswer {
  #localizer;
  #engine;
  #project;
  #teacher;
  #handlers;
  #stage;
  #panel;
  #live;
  #input;
  #note = make('p', { id: 'try-note', class: 'small' });
  #verdict = make('p', { id: 'verdict', class: 'verdict' });
  #confidence = make('p', { id: 'confidence', class: 'confidence' });
  #bars = new BarList('ranked');
  #none = make('input', { type: 'checkbox', id: 'may-none' });
  #noneText = make('span');
  #announcement = make('p', { class: 'unseen', role: 'status' });
  #announcer = new Announcer(this.#announcement);
  #stable = new StableValue();
  #result = make('div', { class: 'answer', hidden: '' }, this.#verdict, this.#confidence, this.#bars.root);
  /** @type {Answered | null} */
  #answered = null;
  /** @type {Float32Array | null} that of the photo that is shown */
  #embedding = null;
  #turn = new AbortController();

  root;

  /**
   * @param {Localizer<WordsOfTeaching>} localizer
   * @param {EngineClient} engine
   * @param {Project} project
   * @param {Teacher} teacher
   * @param {{ failure: (failure: Failure, name: Phrase) => void, begin: () => void, cameraLost: () => void }} handlers
   */
  constructor(localizer, engine, project, teacher, handlers) {
    this.#localizer = localizer;
    this.#engine = engine;
    this.#project = project;
    this.#teacher = teacher;
    this.#handlers = handlers;
    this.#stage = new PhotoStage(
      localizer,
      { choose: () => this.#input.open(), startCamera: () => this.start() },
      { paste: () => localizer.words.teach.answer.paste },
    );
    const video = make('video', { id: 'live-video', playsinline: '', autoplay: '' });
    video.muted = true; // the attribute counts only where a parser has set it
    this.#stage.place(video);
    this.#live = new LiveSession(
      { classify: (picture, wishes, signal) => this.#classify(picture, wishes, signal) },
      video,
      { camera: recall('camera'), raw: true, wishes: AS_IT_IS },
      {
        state: (state, camera) => this.#become(state, camera),
        cameras: (_, id) => remember('camera', id),
        outcome: () => this.#announceStable(),
        failure: (failure) => {
          handlers.cameraLost();
          handlers.failure(failure, () => '');
        },
      },
    );
    this.#panel = new CameraPanel(localizer, this.#stage, { stop: () => this.stop(), freeze: () => this.#freeze() });
    const box = make('div', { class: 'viewer' }, this.#panel.announcement, this.#stage.root, this.#panel.root, this.#stage.caption);
    const option = make('label', { class: 'option' }, this.#none, this.#noneText);
    this.root = make('div', { class: 'try' }, box, this.#note, this.#result, option, this.#announcement);
    this.#input = new FileInput(this.root, {
      file: (file, name) => void this.open(file, name),
      nothingDropped: () => handlers.failure(new Failure('nothing-dropped'), () => ''),
      dragging: (over) => this.#stage.setDragging(over),
    });
    this.root.append(this.#input.root);
    this.#none.checked = teacher.none;
    this.#none.addEventListener('change', () => (teacher.none = this.#none.checked));
    teacher.addEventListener('change', () => void this.#again());
    project.addEventListener('change', () => this.#render());
    localizer.follow(() => this.#render());
  }

  /** Switches the camera on. */
  start() {
    if (this.#live.state !== 'off') return;
    this.#handlers.begin();
    this.#leave();
    this.#stage.setFrozen(false);
    void this.#live.start();
  }

  /** Whether the camera was wanted and could not be had. */
  get failed() {
    return this.#live.failed;
  }

  /** The camera's picture of this moment, null where there is none. */
  frame() {
    return this.#live.frame()?.frame ?? null;
  }

  stop() {
    this.#live.stop();
    this.#handlers.cameraLost();
    this.#show(null);
  }

  /**
   * Answers a photo.
   *
   * @param {Blob} file
   * @param {Phrase} name
   * @param {boolean} [mirrored]
   */
  async open(file, name, mirrored = false) {
    this.#handlers.begin();
    if (this.#live.state !== 'off') this.stop();
    this.#leave();
    const { signal } = this.#turn;
    this.#stage.setBusy(true);
    try {
      const { photo, preview } = await this.#engine.open(file, signal);
      this.#stage.show(preview, name, { mirrored });
      preview.close();
      const { embedding } = await this.#engine.classify(photo, { ...AS_IT_IS, embedding: true }, signal);
      if (!embedding) throw new Failure('no-embedding');
      this.#embedding = embedding;
      await this.#again();
      this.#announcer.announce(`${this.#verdict.textContent} ${this.#confidence.textContent}`);
    } catch (error) {
      if (signal.aborted || isAbort(error)) return;
      this.#handlers.failure(error instanceof Failure ? error : new Failure('unexpected', { detail: messageOf(error) }, error), name);
    } finally {
      if (!signal.aborted) this.#stage.setBusy(false);
    }
  }

  /** What is shown, and what is being looked at, is left. */
  #leave() {
    this.#turn.abort();
    this.#turn = new AbortController();
    this.#embedding = null;
    this.#stage.clear();
    this.#show(null);
  }

  /** The photo that is shown is answered anew: what has been taught is another. */
  async #again() {
    const embedding = this.#embedding;
    try {
      const told = embedding && (await this.#teacher.answer(embedding));
      if (this.#live.state !== 'off') this.#render();
      else if (embedding === this.#embedding) this.#show(told && answeredBy(told));
    } catch {
      this.#show(null); // why is told where the teacher's failures are
    }
  }

  /**
   * What the camera's pictures are answered by. Nothing comes of it where nothing has been taught.
   *
   * @param {ImageBitmap} picture
   * @param {Wishes} wishes
   * @param {AbortSignal} signal
   * @returns {Promise<Outcome>}
   */
  async #classify(picture, wishes, signal) {
    if (!this.#teacher.taught) {
      picture.close();
      await new Promise((resolve) => setTimeout(resolve, IDLE));
      this.#show(null);
      return NOTHING;
    }
    const outcome = await this.#engine.classify(picture, { ...wishes, embedding: true }, signal);
    const told = outcome.embedding && (await this.#teacher.answer(outcome.embedding));
    if (!signal.aborted) this.#show(told ? answeredBy(told) : null);
    return NOTHING;
  }

  /** The picture of this moment becomes a photo. */
  async #freeze() {
    const now = this.#live.frame();
    if (!now) return;
    const time = new Date();
    const { frame, mirrored } = now;
    const blob = await new Promise((resolve) => frame.toBlob(resolve, 'image/png'));
    this.stop();
    this.#stage.setFrozen(true);
    if (blob) await this.open(blob, (words) => words.frozen(time), mirrored);
  }

  /**
   * @param {LiveState} state
   * @param {Parameters<CameraPanel['setState']>[1]} camera
   */
  #become(state, camera) {
    this.#panel.setState(state, camera);
  }

  /** @param {Answered | null} answered */
  #show(answered) {
    this.#answered = answered;
    if (!answered) {
      this.#bars.clear();
      this.#stable = new StableValue();
    }
    this.#render();
  }

  #render() {
    const { words } = this.#localizer;
    const { answer: own, report } = words.teach;
    setText(this.#noneText, own.noneOption);
    setText(this.#note, this.#lack());
    this.#note.hidden = !this.#note.textContent;
    this.#result.hidden = !this.#answered;
    if (!this.#answered) return;
    const { ranked, none, isNone, sure } = this.#answered;
    /** @type {Ranked[]} */
    const rows = ranked.flatMap(({ id, probability }, index) => {
      const found = this.#project.class(id);
      return found ? [{ index, label: found.name, probability }] : [];
    });
    if (none !== null) rows.push({ index: rows.length, label: report.none, probability: none });
    rows.sort((a, b) => b.probability - a.probability);
    const best = ranked[0] && this.#project.class(ranked[0].id);
    this.#result.dataset.sure = String(sure);
    this.#result.toggleAttribute('data-live', this.#live.state !== 'off');
    this.#result.dataset.answer = isNone ? '' : (best?.name ?? '');
    setText(this.#verdict, isNone ? own.none : best ? own.verdict(best.name, sure) : '');
    setText(this.#confidence, own.confidence(words.percent((isNone ? none : ranked[0]?.probability) ?? 0)));
    this.#bars.show(rows, (label) => label, words.percent);
  }

  /** Why it doesn't answer. */
  #lack() {
    const { answer: own } = this.#localizer.words.teach;
    const { taught, classes, failure } = this.#teacher;
    if (taught || failure) return taught ? own.taught(taught.report.pictures) : '';
    if (classes.length > 1) return own.learning;
    return classes[0] ? own.lacksOne(classes[0].name) : own.lacksAll;
  }

  /** Of what the camera shows, only what lasts is read out. */
  #announceStable() {
    const best = this.#result.dataset.answer ?? '';
    if (this.#answered && this.#stable.add(best, performance.now())) this.#announcer.announce(this.#verdict.textContent ?? '');
  }
}

/**
 * The live session's average over time is of no use here: what it is given has no classes.
 * @type {Outcome}
 */
const NOTHING = /** @type {any} */ ({
  model: '',
  ranked: [],
  vocabulary: null,
  specific: null,
  sure: false,
  none: false,
  info: { not_sure_below: 1, none: null, vocabulary: null },
});

/** @param {NonNullable<Awaited<ReturnType<Teacher['answer']>>>} told */
function answeredBy({ answer: { ranked, none, sure }, classes }) {
  /** @type {Answered} */
  const answered = { ranked: [], none: null, isNone: none, sure };
  for (const { index, probability } of ranked) {
    const id = classes[index];
    if (id === undefined) answered.none = probability;
    else answered.ranked.push({ id, probability });
  }
  return answered;
}
