// Reads the tensors of a weights file (src/model/weights.rs says what is in it): one byte and a scale for each output
// channel, or single precision.

/**
 * @typedef {object} Tensor
 * @property {number[]} shape as in the file: `[out, in, height, width]` of a convolution, `[in, out]` of a dense layer
 * @property {Int8Array | Float32Array} values
 * @property {Float32Array | null} scales of the output channels; null where the values are what they are
 */

/**
 * @typedef {object} WeightsFile
 * @property {string} architecture
 * @property {number} side of the image, in pixels
 * @property {string} filter that makes a photo small
 * @property {number} fraction the side of the square that is seen, as a share of the shorter side of the photo
 * @property {{ mean: number[], std: number[] }} normalisation
 * @property {Map<string, Tensor>} tensors
 * @property {{ names: string[], temperature: number }} answer what the logits stand for: the vocabulary, where there is one
 */

/**
 * @param {Buffer} file
 * @returns {WeightsFile}
 */
export function readWeights(file) {
  const length = Number(file.readBigUInt64LE(0));
  const { __metadata__: metadata, ...entries } = JSON.parse(String(file.subarray(8, 8 + length)));
  const { header } = JSON.parse(metadata.glimpse);
  const raw = (/** @type {string} */ name) => {
    const [from, to] = entries[name].data_offsets;
    return file.buffer.slice(file.byteOffset + 8 + length + from, file.byteOffset + 8 + length + to); // aligned, as it is a copy
  };
  /** @type {Map<string, Tensor>} */
  const tensors = new Map();
  for (const [name, { dtype, shape }] of Object.entries(entries)) {
    if (name.endsWith('.scale') || name.startsWith('held_out.')) continue;
    if (dtype !== 'I8' && dtype !== 'F32') throw new Error(`The tensor ${name} is stored as ${dtype}, which this export doesn't know.`);
    const scales = dtype === 'I8' ? new Float32Array(raw(`${name}.scale`)) : null;
    tensors.set(name, { shape, values: dtype === 'I8' ? new Int8Array(raw(name)) : new Float32Array(raw(name)), scales });
  }
  return {
    architecture: header.architecture,
    side: header.preprocessing.input_size,
    filter: header.preprocessing.filter,
    fraction: header.preprocessing.framing.centre_crop?.fraction ?? 1,
    normalisation: header.preprocessing.normalisation,
    tensors,
    answer: header.vocabulary
      ? { names: header.vocabulary.classes, temperature: header.vocabulary.temperature }
      : { names: header.classes, temperature: header.temperature },
  };
}
