/** @import { ModelId, Preference, Speed } from '../../www/core/types.js' */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nextStep } from '../../www/engine/next-step.js';
import { cpuWins } from '../../www/engine/cpu-wins.js';
import { Failure } from '../../www/core/errors.js';

/*
 * In which order networks and backends are loaded: a plan is followed step by step, with what is said to fail failing.
 */

/** @type {{ what: string, choice?: ModelId, preference?: Preference, arrived?: ModelId[], fails?: string[], speed?: Speed, order: string[] }[]} */
const cases = [
  { what: 'nobody chooses', order: ['cpu cifar10', 'cpu photo', 'webgpu photo', 'webgpu photo timed'] },
  { what: 'nobody chooses and WebGPU has been slower', speed: { cpu: 50, webgpu: 80 }, order: ['cpu cifar10', 'cpu photo'] },
  { what: 'nobody chooses and WebGPU has been faster', speed: { cpu: 50, webgpu: 8 }, order: ['cpu cifar10', 'cpu photo', 'webgpu photo'] },
  {
    what: 'WebGPU has been slower and the CPU module fails',
    speed: { cpu: 50, webgpu: 80 },
    fails: ['cpu'],
    order: ['cpu cifar10', 'webgpu cifar10', 'webgpu photo'],
  },
  { what: 'WebGPU is chosen', preference: 'webgpu', order: ['cpu cifar10', 'cpu photo', 'webgpu photo'] },
  { what: 'WebGPU is chosen and has been slower', preference: 'webgpu', speed: { cpu: 50, webgpu: 80 }, order: ['cpu cifar10', 'cpu photo', 'webgpu photo'] },
  { what: 'the small network is chosen', choice: 'cifar10', order: ['cpu cifar10', 'webgpu cifar10', 'webgpu cifar10 timed'] },
  { what: 'the CPU is chosen', preference: 'cpu', order: ['cpu cifar10', 'cpu photo'] },
  { what: 'the photo network has already been fetched', arrived: ['photo'], order: ['cpu photo', 'webgpu photo', 'webgpu photo timed'] },
  { what: 'WebGPU fails', fails: ['webgpu'], order: ['cpu cifar10', 'cpu photo', 'webgpu photo'] },
  { what: 'the CPU module fails', fails: ['cpu'], order: ['cpu cifar10', 'webgpu cifar10', 'webgpu photo'] },
  { what: 'the CPU is chosen and fails', preference: 'cpu', fails: ['cpu'], order: ['cpu cifar10', 'webgpu cifar10', 'webgpu photo'] },
  { what: 'the photo network fails', fails: ['photo'], order: ['cpu cifar10', 'cpu photo', 'webgpu cifar10', 'webgpu cifar10 timed'] },
  { what: 'the small network fails', fails: ['cifar10'], order: ['cpu cifar10', 'cpu photo', 'webgpu photo', 'webgpu photo timed'] },
  { what: 'the small network is chosen and fails', choice: 'cifar10', fails: ['cifar10'], order: ['cpu cifar10'] },
  { what: 'both networks fail', fails: ['cifar10', 'photo'], order: ['cpu cifar10', 'cpu photo'] },
  { what: 'both backends fail', fails: ['cpu', 'webgpu'], order: ['cpu cifar10', 'webgpu cifar10'] },
];

for (const { what, choice = 'photo', preference = 'auto', arrived = [], fails = [], speed, order } of cases) {
  test(`the order of loading when ${what}`, () => {
    const backends = { cpu: backend('cpu'), webgpu: backend('webgpu') };
    /** @type {Set<ModelId>} */
    const refused = new Set();
    const weights = {
      has: (/** @type {ModelId} */ model) => arrived.includes(model),
      failure: (/** @type {ModelId} */ model) => (refused.has(model) ? new Failure('weights') : null),
    };
    /** @type {Map<ModelId, Speed>} */
    const speeds = new Map(speed && [[choice, speed]]);
    const situation = { preference, choice, bridge: /** @type {const} */ ('cifar10'), cpu: backends.cpu, gpu: backends.webgpu, weights, speeds };
    const steps = [];
    for (let step = nextStep(situation); step; step = nextStep(situation)) {
      steps.push(`${step.backend} ${step.model}${step.task === 'time' ? ' timed' : ''}`);
      assert.ok(steps.length < 10, `no end: ${steps}`);
      if (step.task === 'time') speeds.set(step.model, { cpu: 50, webgpu: 8 });
      else if (fails.includes(step.backend)) backends[step.backend].state = 'failed';
      else if (fails.includes(step.model)) refused.add(step.model);
      else backends[step.backend].models.push(step.model);
    }
    assert.deepEqual(steps, order);
  });
}

test('WebGPU wins only where it is clearly faster', () => {
  assert.equal(cpuWins({ cpu: 50, webgpu: 80 }), true);
  assert.equal(cpuWins({ cpu: 50, webgpu: 49 }), true);
  assert.equal(cpuWins({ cpu: 50, webgpu: 40 }), false);
  assert.equal(cpuWins({ cpu: 50, webgpu: Number.NaN }), true);
  assert.equal(cpuWins(undefined), false, 'what has not been measured decides nothing');
});

/** @param {'cpu' | 'webgpu'} name */
function backend(name) {
  /** @type {ModelId[]} */
  const models = [];
  const state = /** @type {'idle' | 'loading' | 'ready' | 'failed'} */ ('idle');
  return { name, state, models, has: (/** @type {ModelId} */ model) => models.includes(model) };
}
