import { crc32, deflateSync } from 'node:zlib';

/*
 * Picture files made from nothing, for what cameras don't make.
 */

/**
 * A PNG of any size, black where nothing else is said: one bit a pixel, so that the largest stays a small file.
 * @param {number} width
 * @param {number} height
 * @param {(byte: number, row: number) => number} [eight] eight neighbouring pixels, a bit each
 */
export function png(width, height, eight) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([1, 0, 0, 0, 0], 8);
  const bytes = Math.ceil(width / 8);
  const rows = Buffer.alloc((1 + bytes) * height);
  for (let row = 0; eight && row < height; row += 1) {
    for (let byte = 0; byte < bytes; byte += 1) rows[row * (1 + bytes) + 1 + byte] = eight(byte, row);
  }
  const signature = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** A checkerboard, which is surely no animal and no vehicle. */
export function checkerboard() {
  return png(304, 304, (byte, row) => ((byte >> 1) + (row >> 4)) % 2 && 0xff);
}

/**
 * @param {string} type
 * @param {Buffer} data
 */
function chunk(type, data) {
  const named = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const length = Buffer.alloc(4);
  length.writeUInt32BE(data.length);
  const check = Buffer.alloc(4);
  check.writeUInt32BE(checksum(named));
  return Buffer.concat([length, named, check]);
}

/**
 * CRC-32; Node has had its own only since 20.15.
 * @param {Buffer} data
 */
export function checksum(data) {
  if (typeof crc32 === 'function') return crc32(data);
  let crc = ~0;
  for (const byte of data) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ~crc >>> 0;
}

/**
 * An endless animated GIF whose frames have one colour each.
 * @param {number} size
 * @param {[number, number, number][]} colours four of them at most
 */
export function gif(size, colours) {
  const word = (/** @type {number} */ value) => [value & 255, value >> 8];
  const palette = Array.from({ length: 4 }, (_, at) => colours[at] ?? [0, 0, 0]).flat();
  const frames = colours.flatMap((_, colour) => {
    const delay = [0x21, 0xf9, 4, 0, ...word(5), 0, 0];
    const data = plainLzw(Array.from({ length: size * size }, () => colour));
    return [...delay, 0x2c, ...word(0), ...word(0), ...word(size), ...word(size), 0, 2, ...data];
  });
  const forever = [0x21, 0xff, 11, ...Buffer.from('NETSCAPE2.0'), 3, 1, 0, 0, 0];
  return Buffer.from([...Buffer.from('GIF89a'), ...word(size), ...word(size), 0x91, 0, 0, ...palette, ...forever, ...frames, 0x3b]);
}

/**
 * LZW without compression: the table is cleared so often that every code keeps its three bits.
 * @param {number[]} pixels
 */
function plainLzw(pixels) {
  const [clear, end] = [4, 5];
  const codes = pixels.flatMap((pixel, at) => (at % 2 === 0 ? [clear, pixel] : [pixel]));
  codes.push(end);
  const bits = codes.flatMap((code) => [code & 1, (code >> 1) & 1, (code >> 2) & 1]);
  const bytes = [];
  for (let at = 0; at < bits.length; at += 8) {
    bytes.push(bits.slice(at, at + 8).reduce((byte, bit, place) => byte | (bit << place), 0));
  }
  const blocks = [];
  for (let at = 0; at < bytes.length; at += 255) {
    const block = bytes.slice(at, at + 255);
    blocks.push(block.length, ...block);
  }
  return [...blocks, 0];
}

/**
 * A JPEG file with an EXIF orientation put in: 6 is a camera held upright.
 * @param {Buffer} jpeg
 * @param {number} orientation
 */
export function turned(jpeg, orientation) {
  const exif = Buffer.from([
    ...Buffer.from('Exif\0\0'),
    ...[0x4d, 0x4d, 0, 42, 0, 0, 0, 8], // TIFF, big endian, the directory at 8
    ...[0, 1], // one entry
    ...[0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0],
    ...[0, 0, 0, 0],
  ]);
  const segment = Buffer.from([0xff, 0xe1, 0, exif.length + 2]);
  return Buffer.concat([jpeg.subarray(0, 2), segment, exif, jpeg.subarray(2)]);
}
