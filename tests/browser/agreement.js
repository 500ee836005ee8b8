import assert from 'node:assert/strict';

/*
 * Whether WebGPU computes what the CPU does, in any browser.
 */

/**
 * Runs in a page of the server: what both backends make of sample pictures, with every network, by class.
 *
 * @param {string[]} wanted
 */
export async function answersOfBoth(wanted) {
  const [{ instantiate }, { decode }, { models }] = await Promise.all([
    import(String('/www/engine/wasm-modules.js')),
    import(String('/www/engine/decode.js')),
    import(String('/www/core/models.js')),
  ]);
  const backends = { cpu: await instantiate('cpu'), gpu: await instantiate('webgpu') };
  const all = [];
  for (const { id, weights } of models) {
    const bytes = new Uint8Array(await (await fetch(weights)).arrayBuffer());
    const cpu = await backends.cpu.Classifier.load(bytes);
    const gpu = await backends.gpu.Classifier.load(bytes);
    for (const name of wanted) {
      const image = await decode(await (await fetch(`/www/samples/${name}.jpg`)).blob(), 1e9);
      const byClass = async (/** @type {import('../../www/core/types.js').Classifier} */ classifier) => {
        const { ranked } = await classifier.classify(image);
        return ranked.toSorted((a, b) => a.index - b.index).map(({ probability }) => probability);
      };
      all.push({ name: `${id}, ${name}`, cpu: await byClass(cpu), gpu: await byClass(gpu) });
    }
  }
  return all;
}

/**
 * @param {Awaited<ReturnType<typeof answersOfBoth>>} answers
 * @param {number} count how many there must be
 */
export function agree(answers, count) {
  assert.equal(answers.length, count);
  for (const { name, cpu, gpu } of answers) {
    assert.ok(cpu.length >= 10 && cpu.length === gpu.length, name);
    const likeliest = (/** @type {number[]} */ probabilities) => probabilities.indexOf(Math.max(...probabilities));
    assert.equal(likeliest(gpu), likeliest(cpu), name);
    cpu.forEach((probability, index) => {
      const other = gpu[index] ?? Number.NaN;
      assert.ok(Math.abs(probability - other) <= 1e-2, `${name}, class ${index}: CPU ${probability}, WebGPU ${other}`);
    });
  }
}
