import assert from 'node:assert/strict';
import { agree, answersOfBoth } from '../browser/agreement.js';
import { sample } from '../browser/samples.js';
import { ready, stepsIn, verdict } from './everywhere.js';
import { firefox, WEBGPU } from './firefox.js';

/*
 * A second WebGPU: Firefox's, whose adapter is Mesa's Vulkan on the CPU. What it answers is compared with the CPU's answer.
 */

const step = stepsIn(() => firefox(WEBGPU));

step('the page answers on WebGPU when it is chosen, and says so', async ({ tab, open }) => {
  await open();
  await ready(tab);
  await tab.set('#model', 'cifar10');
  await ready(tab, 'cifar10');
  await tab.set('#backend', 'webgpu');
  await ready(tab, 'cifar10', 'webgpu');
  await tab.choose('#file', sample('ship').path);
  assert.match(await verdict(tab, 'ship.jpg'), /ship/);
  const timing = await tab.evaluate(() => ({ .../** @type {HTMLElement} */ (document.querySelector('#timing')).dataset }));
  assert.deepEqual([timing.model, timing.backend], ['cifar10', 'webgpu']);
  assert.equal(await tab.evaluate(() => document.querySelector('#backend-note')?.textContent), 'WebGPU: you chose it.');
});

step('both networks compute on WebGPU what they compute on the CPU', async ({ tab, server }) => {
  const names = ['cat', 'ship'];
  server.page('/both.js', `globalThis.answers = (${answersOfBoth})(${JSON.stringify(names)}); export {};`);
  await tab.open(
    server.page(
      '/both.html',
      '<!doctype html><html lang="en"><head><title>both</title></head><body><script type="module" src="/both.js"></script></body></html>',
    ),
  );
  await tab.until('the script runs', () => 'answers' in globalThis);
  agree(await tab.evaluate(() => /** @type {any} */ (globalThis).answers), 2 * names.length);
});
