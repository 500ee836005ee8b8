/** @import { Outcome, Preference } from './types.js' */
import { EngineClient } from './bridge/client.js';
import { Controller } from './controller.js';
import { Failure } from './failure.js';
import { models } from './models.js';
import { fetchNames } from './names.js';
import { recall, remember } from './storage.js';
import { recallSpeeds, rememberSpeeds } from './speeds.js';
import { About } from './view/about.js';
import { Answer } from './view/answer.js';
import { listen } from './view/intake.js';
import { Picker } from './view/picker.js';
import { Question } from './view/question.js';
import { Settings } from './view/settings.js';
import { Stage } from './view/stage.js';
import { StatusView } from './view/status.js';
import { Trouble } from './view/trouble.js';
import { fill, words } from './words.js';

/*
 * Ties the parts of the page together: engine and controller on one side, views on the other.
 */

const ids = models.map(({ id }) => id);
const usual = ids.at(-1);
if (!usual) throw new Error('www/models.js lists no model');
const choice = ids.find((id) => id === recall('model')) ?? usual;

/** @type {Preference[]} */
const preferences = ['auto', 'webgpu', 'cpu'];
const preference = preferences.find((known) => known === recall('backend')) ?? 'auto';

fill(document);
const engine = new EngineClient({ models, choice, preference, speeds: recallSpeeds() });
const stage = new Stage();
const answer = new Answer();
const question = new Question();
const about = new About();
const trouble = new Trouble(() => {
  engine.start();
  controller.retry();
});
const settings = new Settings((wishes) => controller.choose(wishes));
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
  about.offer(words.models[model].name, info, size);
}

engine.addEventListener('change', refresh);
listen({
  open: (name, get) => controller.open(name, get),
  refuse: (failure) => controller.refuse(failure),
});
engine.start();
refresh();
if (await fetchNames()) {
  describe();
  answer.rename();
}
