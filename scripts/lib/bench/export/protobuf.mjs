// As much of Protocol Buffers' encoding as a file of ONNX needs.

/** @typedef {Uint8Array[]} Message the fields that it is made of */

/**
 * A number of seven bits a byte, the lowest first.
 * @param {number} value not negative
 */
function varint(value) {
  const bytes = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return [...bytes, rest];
    bytes.push((rest % 128) + 128);
  }
}

const VARINT = 0;
const BYTES = 2;

/** @param {number} field @param {number} value */
export const number = (field, value) => new Uint8Array([...varint(field * 8 + VARINT), ...varint(value)]);

/** @param {number} field @param {Uint8Array} value */
export const bytes = (field, value) => Buffer.concat([new Uint8Array([...varint(field * 8 + BYTES), ...varint(value.length)]), value]);

/** @param {number} field @param {string} value */
export const text = (field, value) => bytes(field, Buffer.from(value));

/** @param {number} field @param {Message} value */
export const message = (field, value) => bytes(field, Buffer.concat(value));
