import { crc32 } from 'node:zlib';

/*
 * Weights files as tests need them: see src/model/weights.rs.
 */

/** @typedef {{ name: string, dtype: string, shape: number[], data: Buffer }} Tensor */

/**
 * The same file without what it knows of pictures held out, as files had it before there was any.
 *
 * @param {Buffer} file a network that has nothing else that is newer than the first version of the format
 */
export function withoutHeldOut(file) {
  const start = 8 + Number(file.readBigUInt64LE(0));
  const { __metadata__: metadata, ...all } = JSON.parse(String(file.subarray(8, start)));
  const { held_out: sources, ...header } = JSON.parse(metadata.glimpse).header;
  if (!(sources?.length > 0)) throw new Error('It knows no pictures held out.');
  const kept = Object.entries(all)
    .filter(([name]) => !name.startsWith('held_out.'))
    .toSorted(([, one], [, other]) => one.data_offsets[0] - other.data_offsets[0])
    .map(
      ([
        name,
        {
          dtype,
          shape,
          data_offsets: [from, to],
        },
      ]) => ({ name, dtype, shape, data: file.subarray(start + from, start + to) }),
    );
  return weightsFile(header, kept);
}

/**
 * A weights file of the first version of the format.
 *
 * @param {object} header
 * @param {Tensor[]} tensors in the order in which their numbers are stored
 */
export function weightsFile(header, tensors) {
  const text = JSON.stringify(header);
  const checksum = tensors
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .reduce((sum, { name, dtype, shape, data }) => crc32(data, crc32(`${name} ${dtype} [${shape.join(', ')}]`, sum)), crc32(text));
  const { described } = tensors.reduce(
    ({ described, end }, { name, dtype, shape, data }) => ({
      described: { ...described, [name]: { dtype, shape, data_offsets: [end, end + data.length] } },
      end: end + data.length,
    }),
    { described: {}, end: 0 },
  );
  const entry = `{"version":1,"checksum":${checksum},"header":${text}}`;
  const json = Buffer.from(JSON.stringify({ __metadata__: { glimpse: entry }, ...described }));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  return Buffer.concat([length, padded, ...tensors.map(({ data }) => data)]);
}
