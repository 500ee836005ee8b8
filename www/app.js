/** @import { Preference } from './types.js' */
import { Controller } from './controller.js';
import { Engine } from './engine/engine.js';
import { Failure } from './failure.js';
import { models } from './models.js';
import { recall, remember } from './storage.js';
import { Answer } from './view/answer.js';
import { listen } from './view/intake.js';
import { Question } from './view/question.js';
import { Settings } from './view/settings.js';
import { Stage } from './view/stage.js';
import { About, StatusView } from './view/status.js';
import { Trouble } from './view/trouble.js';
import { fill, words } from './words.js';

/*
 * Ties the parts of the page together: engine and controller on one side, views on the other.
 */

const model = models[0];
if (!model) throw new Error('www/models.js lists no model');

/** @type {Preference[]} */
const preferences = ['auto', 'webgpu', 'cpu'];
const preference = preferences.find((known) => known === recall('backend')) ?? 'auto';

fill(document);
const engine = new Engine(model.weights, preference);
const stage = new Stage();
const answer = new Answer();
const question = new Question();
const about = new About();
const trouble = new Trouble(() => {
  engine.start();
  controller.retry();
});
const settings = new Settings((options) => controller.choose(options));
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
  photo(image, name) {
    stage.show(image, name);
  },
  outcome(outcome) {
    answer.show(outcome);
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

/** The engine has changed: another backend answers, or a download has moved on, or it can't go on. */
let known = engine.status.state;
function refresh() {
  const now = engine.status;
  status.show(now);
  if (now.info) {
    settings.offer(now.info);
    question.offer(now.info);
    about.offer(now.info);
  }
  if (now.state !== known) {
    if (now.state === 'failed') trouble.show(words.failure(engine.failure ?? new Failure('unexpected'), ''), true);
    else if (known === 'failed') trouble.clear();
    known = now.state;
  }
  const { answeredBy } = controller;
  if (answeredBy && now.backend && answeredBy !== now.backend) controller.again();
}

engine.addEventListener('change', refresh);
listen({
  open: (name, get) => controller.open(name, get),
  refuse: (failure) => controller.refuse(failure),
});
engine.start();
refresh();
