/** @import { Meddling } from './server.js' */
import { checksum } from './pictures.js';

/*
 * Weights files as they are shipped, but for what a test needs to be otherwise. `src/model/weights.rs` has the format.
 */

/**
 * What the best class and the best name must reach to be sure: at 0 everything is, at 1 nothing.
 * @typedef {{ ofClass?: number, ofName: number }} Thresholds
 */

/**
 * For `meddle` of the server: the photo network with other thresholds. Which names it is sure of is its own affair, and
 * so a test doesn't depend on it.
 *
 * @param {Thresholds} thresholds
 * @returns {(path: string) => Meddling | undefined}
 */
export function demanding(thresholds) {
  return (path) => (path.endsWith('/photo.safetensors') ? { change: (file) => withThresholds(file, thresholds) } : undefined);
}

/**
 * @param {Buffer} file
 * @param {Thresholds} thresholds
 */
function withThresholds(file, { ofClass, ofName }) {
  const start = 8 + Number(file.readBigUInt64LE(0));
  /** @type {{ __metadata__: { glimpse: string } } & Record<string, { dtype: string, shape: number[], data_offsets: [number, number] }>} */
  const { __metadata__: metadata, ...tensors } = JSON.parse(file.toString('utf8', 8, start));
  const { version, header } = JSON.parse(metadata.glimpse);
  header.not_sure_below = ofClass ?? header.not_sure_below;
  header.vocabulary.not_sure_below = ofName;
  const text = JSON.stringify(header);
  const sorted = Object.entries(tensors).sort(([a], [b]) => (a < b ? -1 : 1));
  const checked = sorted.flatMap(
    ([
      name,
      {
        dtype,
        shape,
        data_offsets: [from, to],
      },
    ]) => [Buffer.from(`${name} ${dtype} [${shape.join(', ')}]`), file.subarray(start + from, start + to)],
  );
  const glimpse = `{"version":${version},"checksum":${checksum(Buffer.concat([Buffer.from(text), ...checked]))},"header":${text}}`;
  const json = Buffer.from(JSON.stringify({ __metadata__: { ...metadata, glimpse }, ...tensors }));
  const length = Buffer.alloc(8);
  // The numbers begin at a multiple of eight, and spaces fill what is left.
  const padding = Buffer.alloc((8 - (json.length % 8)) % 8, ' ');
  length.writeBigUInt64LE(BigInt(json.length + padding.length));
  return Buffer.concat([length, json, padding, file.subarray(start)]);
}
