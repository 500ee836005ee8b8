import { weightsFile } from './weights-file.js';

/*
 * Networks of every architecture with random weights: what src/model/steps.rs reads, with src/model/sizes.rs.
 */

/** @typedef {[name: string, ...shape: number[]]} Sized a tensor's name and shape */

/** @param {string} name @param {number[]} shape of its weights */
function convolution(name, [outputs = 0, ...others]) {
  return /** @type {Sized[]} */ ([
    [`${name}.weight`, outputs, ...others],
    [`${name}.bias`, outputs],
  ]);
}

/** @param {string} name @param {number} inputs @param {number} outputs */
function dense(name, inputs, outputs) {
  return /** @type {Sized[]} */ ([
    [`${name}.weight`, inputs, outputs],
    [`${name}.bias`, outputs],
  ]);
}

/** @param {number} classes */
function convnet(classes) {
  const widths = [24, 64, 256, 256];
  const blocks = widths
    .slice(1)
    .flatMap((width, index) => [
      ...convolution(`blocks.${index}.first.conv`, [width, widths[index] ?? 0, 3, 3]),
      ...convolution(`blocks.${index}.second.conv`, [width, width, 3, 3]),
    ]);
  return [...convolution('whiten', [24, 3, 2, 2]), ...blocks, /** @type {Sized} */ (['head.weight', 256, classes])];
}

/** @param {number} classes @param {number} stages */
function vgg(classes, stages) {
  const widths = [3, 64, 128, 256, 512, 512].slice(0, stages + 1);
  const convolutions = widths
    .slice(1)
    .flatMap((width, index) => [
      ...convolution(`stages.${index}.0.conv`, [width, widths[index] ?? 0, 3, 3]),
      ...convolution(`stages.${index}.1.conv`, [width, width, 3, 3]),
    ]);
  return [...convolutions, ...dense('hidden', widths.at(-1) ?? 0, 256), ...dense('head', 256, classes)];
}

/** @param {number} classes @param {number} map side of the last maps */
function plain(classes, map) {
  return [
    ...convolution('first', [32, 3, 3, 3]),
    ...convolution('second', [64, 32, 3, 3]),
    ...dense('hidden', 64 * map * map, 128),
    ...dense('head', 128, classes),
  ];
}

/** @param {number} classes @param {number} names */
function efficientnetLite(classes, names) {
  const stages = [
    { blocks: 1, kernel: 3, expansion: 1, channels: 16 },
    { blocks: 2, kernel: 3, expansion: 6, channels: 24 },
    { blocks: 2, kernel: 5, expansion: 6, channels: 40 },
    { blocks: 3, kernel: 3, expansion: 6, channels: 80 },
    { blocks: 3, kernel: 5, expansion: 6, channels: 112 },
    { blocks: 4, kernel: 5, expansion: 6, channels: 192 },
    { blocks: 1, kernel: 3, expansion: 6, channels: 320 },
  ];
  const blocks = stages.flatMap(({ blocks, ...stage }) => Array.from({ length: blocks }, () => stage));
  const inputs = [32, ...blocks.map(({ channels }) => channels)];
  return [
    ...convolution('stem.conv', [32, 3, 3, 3]),
    ...blocks.flatMap(({ kernel, expansion, channels }, index) => {
      const wide = (inputs[index] ?? 0) * expansion;
      return [
        ...(expansion > 1 ? convolution(`blocks.${index}.widen.conv`, [wide, inputs[index] ?? 0, 1, 1]) : []),
        ...convolution(`blocks.${index}.depthwise.conv`, [wide, 1, kernel, kernel]),
        ...convolution(`blocks.${index}.narrow.conv`, [channels, wide, 1, 1]),
      ];
    }),
    ...convolution('top.conv', [1280, 320, 1, 1]),
    ...dense('head', 1280, classes),
    ...(names > 0 ? dense('vocabulary', 1280, names) : []),
  ];
}

/**
 * Weights that keep what passes through layers about as large as it came in (He and others, arXiv:1502.01852), and small
 * biases. The same in every run.
 *
 * @param {Sized[]} sizes
 */
function randomTensors(sizes) {
  let state = 1;
  const random = () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 31 - 1;
  };
  return sizes.map(([name, ...shape]) => {
    const count = shape.reduce((product, size) => product * size);
    const inputs = shape.length === 2 ? (shape[0] ?? 1) : count / (shape[0] ?? 1);
    const most = shape.length === 1 ? 0.1 : Math.sqrt(6 / inputs);
    const data = Buffer.from(Float32Array.from({ length: count }, () => most * random()).buffer);
    return { name, dtype: 'F32', shape, data };
  });
}

/**
 * A network for each architecture, of sides that leave odd borders, and their weights files.
 */
export function randomNetworks() {
  const named = (/** @type {number} */ count) => Array.from({ length: count }, (_, at) => `name ${at}`);
  const networks = [
    { architecture: 'convnet', side: 19, classes: 5, sizes: convnet(5) },
    { architecture: 'vgg', side: 29, classes: 4, sizes: vgg(4, 3) },
    { architecture: 'plain', side: 21, classes: 10, sizes: plain(10, 3) },
    { architecture: 'efficientnet-lite0', side: 75, classes: 3, names: 12, sizes: efficientnetLite(3, 12) },
    { architecture: 'efficientnet-lite0', side: 66, classes: 3, sizes: efficientnetLite(3, 0) },
  ];
  return networks.map(({ architecture, side, classes, names = 0, sizes }) => {
    const header = {
      architecture,
      classes: named(classes),
      none: null,
      vocabulary: names > 0 ? { classes: named(names), temperature: 1, not_sure_below: 1, evidence: null } : null,
      preprocessing: {
        input_size: side,
        framing: { centre_crop: { fraction: 1 } },
        second_framing: 'stretch',
        filter: 'triangle',
        enhance: { denoise: false, contrast: false, colour_balance: false },
        normalisation: { mean: [0, 0, 0], std: [1, 1, 1] },
      },
      temperature: 1,
      not_sure_below: 0.5,
      provenance: { data: '', epochs: 0, seed: 0, commit: '', trained: '', validation_accuracy: null, test_accuracy: null, notice: null },
    };
    return { architecture, side, file: weightsFile(header, randomTensors(sizes)) };
  });
}
