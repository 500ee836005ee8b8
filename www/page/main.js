/** @import { Outcome, Preference } from '../core/types.js' */
import './language-select.js';
import { EngineClient } from '../rpc/client.js';
import { Controller } from '../core/controller.js';
import { AS_IT_IS } from '../core/options.js';
import { Failure } from '../core/errors.js';
import { toPng } from '../camera/frame-to-png.js';
import { Live } from '../camera/live-session.js';
import { TIME_CONSTANT } from '../camera/smoothing.js';
import { models } from '../core/models.js';
import { Keeper } from '../pwa/registration.js';
import { recall, remember } from '../core/preferences.js';
import { recallSpeeds, rememberSpeeds } from '../core/speeds.js';
import { About } from './model-info.js';
import { Answer } from '../ui/result-panel.js';
import { listen } from '../ui/file-input.js';
import { Keeping } from './offline-status.js';
import { LiveView } from '../ui/camera-panel.js';
import { Picker } from './model-select.js';
import { Question } from './question.js';
import { Settings } from './settings.js';
import { Stage } from '../ui/photo-stage.js';
import { StatusView } from './backend-select.js';
import { Trouble } from '../ui/error-box.js';
import { names, words } from './words.js';

/*
 * Ties the parts of the page together: engine and controller on one side, views on the other.
 */

const ids = models.map(({ id }) => id);
const usual = ids.at(-1);
if (!usual) throw new Error('www/core/models.js lists no model');
const choice = ids.find((id) => id === recall('model')) ?? usual;

/** @type {Preference[]} */
const preferences = ['auto', 'webgpu', 'cpu'];
const preference = preferences.find((known) => known === recall('backend')) ?? 'auto';

const keeper = new Keeper();
new Keeping(keeper);
const engine = new EngineClient({ models, choice, preference, speeds: recallSpeeds() });
const stage = new Stage();
const answer = new Answer();
const question = new Question();
const about = new About();
const trouble = new Trouble(() => {
  if (engine.status.state === 'failed') engine.start();
  if (live.failed) {
    startLive();
    liveView.focus();
  } else {
    controller.retry();
  }
});
const settings = new Settings((wishes) => {
  controller.choose(wishes);
  live.choose(wishes);
});
const picker = new Picker(ids, usual, (chosen) => {
  remember('model', chosen);
  engine.choose(chosen);
});
const status = new StatusView((chosen) => {
  remember('backend', chosen);
  engine.prefer(chosen);
});

const controller = new Controller(engine, {
  begin() {
    trouble.clear();
    stage.clear();
    forget();
    status.busy(true);
  },
  busy() {
    trouble.clear();
    status.busy(true);
  },
  photo(preview, name) {
    stage.show(preview, name);
  },
  outcome(outcome) {
    answer.show(outcome, remarkOn(outcome));
    question.show(outcome.ranked);
  },
  failure(failure, name) {
    forget();
    trouble.show(words.failure(failure, name), engine.status.state === 'failed');
  },
  idle() {
    status.busy(false);
    refresh();
  },
});

const raw = recall('live') === 'raw';
const liveView = new LiveView(raw, TIME_CONSTANT, {
  start: startLive,
  stop() {
    live.stop();
    forget();
  },
  freeze,
  camera(id) {
    live.start(id);
  },
  raw(raw) {
    remember('live', raw ? 'raw' : 'smoothed');
    live.raw = raw;
  },
});
const live = new Live(engine, liveView.video, { camera: recall('camera'), raw, wishes: AS_IT_IS }, {
  state: (state, camera) => liveView.state(state, camera),
  cameras(cameras, id) {
    remember('camera', id); // now that it is on
    liveView.cameras(cameras, id);
  },
  outcome(outcome, rate) {
    answer.show(outcome, remarkOn(outcome), true);
    question.show(outcome.ranked, true);
    liveView.rate(rate);
  },
  failure(failure) {
    forget();
    trouble.show(words.failure(failure, ''), true);
  },
});

/** The live picture takes the photo's place. */
function startLive() {
  controller.close();
  liveView.frozen(false);
  live.start();
}

/** The picture of this moment becomes a photo. */
function freeze() {
  const now = live.frame();
  if (!now) return;
  const name = words.frozen(new Date());
  stage.hold(now.frame, name, now.mirrored);
  live.stop();
  liveView.frozen(true);
  controller.open(name, () => toPng(now.frame));
}

/** A photo takes the live picture's place. */
function endLive() {
  live.stop();
  liveView.frozen(false);
}

function forget() {
  answer.clear();
  question.show([]);
}

/** @param {Outcome} outcome */
function remarkOn(outcome) {
  const now = engine.status;
  return outcome.model === now.choice ? '' : words.remark(now);
}

/** The engine has changed: another network or backend answers, or a download has moved on, or it can't go on. */
let known = engine.status;
function refresh() {
  const before = known;
  const now = (known = engine.status);
  picker.show(now);
  status.show(now, engine.thread);
  rememberSpeeds(now.speeds);
  if (now.state !== 'loading' && !now.loading) keeper.start();
  if (now.model !== before.model) describe();
  if (now.state !== before.state) {
    if (now.state === 'failed') trouble.show(words.failure(engine.failure ?? new Failure('unexpected'), ''), true);
    else if (before.state === 'failed') trouble.clear();
  }
  const { outcome } = controller;
  if (!outcome) return;
  if (now.model && (now.model !== outcome.model || now.backend !== outcome.backend)) controller.again();
  else answer.remark(remarkOn(outcome));
}

/** What depends on the network that answers the next photo. */
function describe() {
  const { model, info, size } = engine.status;
  if (!model || !info) return;
  settings.offer(info);
  question.offer(info);
  about.offer(words.modelName(model), info, size);
}

engine.addEventListener('change', refresh);
listen({
  open(name, get) {
    endLive();
    controller.open(name, get);
  },
  refuse(failure) {
    endLive();
    controller.refuse(failure);
  },
});
engine.start();
refresh();
if (await names.fetch()) {
  describe();
  answer.rename();
}
