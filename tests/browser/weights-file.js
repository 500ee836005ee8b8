import { crc32 } from 'node:zlib';

/*
 * Weights files as tests need them: see src/model/weights.rs.
 */

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
  const text = JSON.stringify(header);
  const checksum = kept
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .reduce((sum, { name, dtype, shape, data }) => crc32(data, crc32(`${name} ${dtype} [${shape.join(', ')}]`, sum)), crc32(text));
  const tensors = kept
    .toSorted((a, b) => Number(all[a.name].data_offsets[0]) - Number(all[b.name].data_offsets[0]))
    .reduce(
      ({ described, end }, { name, dtype, shape, data }) => ({
        described: { ...described, [name]: { dtype, shape, data_offsets: [end, end + data.length] } },
        end: end + data.length,
      }),
      { described: {}, end: 0 },
    );
  const entry = `{"version":1,"checksum":${checksum},"header":${text}}`;
  const json = Buffer.from(JSON.stringify({ __metadata__: { glimpse: entry }, ...tensors.described }));
  const padded = Buffer.concat([json, Buffer.alloc((8 - (json.length % 8)) % 8, ' ')]);
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(padded.length));
  const inOrder = Object.keys(tensors.described).map((name) => kept.find((tensor) => tensor.name === name)?.data ?? Buffer.alloc(0));
  return Buffer.concat([length, padded, ...inOrder]);
}
