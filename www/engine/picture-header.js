/*
 * What the first bytes of a picture file say, before anything is decoded: a file of a few kilobytes can hold a picture
 * of a billion pixels. Formats: PNG (third edition), GIF89a, BMP, WebP (RFC 9649), JPEG (ITU-T T.81) with Exif 2.32.
 */

/** How a JPEG begins. */
const JPEG = 0xffd8;
/** More than a camera puts before a JPEG's frame header: Exif with its thumbnail, a colour profile, a small preview. */
const HEAD = 1 << 20;

/**
 * @typedef {object} Size
 * @property {number} width pixels, as the picture is seen: turned upright
 * @property {number} height
 */

/**
 * @param {Blob} file
 * @returns {Promise<{ size: Size | null, kind: string | null, opaque: boolean }>} null where the bytes don't say; `kind` is the name of a
 *   format that browsers may be unable to read
 */
export async function readHeader(file) {
  const bytes = new DataView(await file.slice(0, HEAD).arrayBuffer());
  try {
    return { size: sizeOf(bytes), kind: kindOf(bytes), opaque: bytes.getUint16(0) === JPEG };
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return { size: null, kind: null, opaque: false }; // it ends before it says so
  }
}

/**
 * @param {DataView} bytes
 * @returns {Size | null}
 */
function sizeOf(bytes) {
  if (text(bytes, 1, 3) === 'PNG') return { width: bytes.getUint32(16), height: bytes.getUint32(20) };
  if (text(bytes, 0, 4) === 'GIF8') return { width: bytes.getUint16(6, true), height: bytes.getUint16(8, true) };
  if (text(bytes, 0, 2) === 'BM') return { width: Math.abs(bytes.getInt32(18, true)), height: Math.abs(bytes.getInt32(22, true)) };
  if (text(bytes, 0, 4) === 'RIFF' && text(bytes, 8, 4) === 'WEBP') return sizeOfWebP(bytes);
  if (bytes.getUint16(0) === JPEG) return sizeOfJpeg(bytes);
  return null;
}

/** @param {DataView} bytes */
function sizeOfWebP(bytes) {
  const three = (/** @type {number} */ at) => bytes.getUint16(at, true) | (bytes.getUint8(at + 2) << 16);
  switch (text(bytes, 12, 4)) {
    case 'VP8X':
      return { width: three(24) + 1, height: three(27) + 1 };
    case 'VP8 ':
      return { width: bytes.getUint16(26, true) & 0x3fff, height: bytes.getUint16(28, true) & 0x3fff };
    case 'VP8L': {
      const packed = bytes.getUint32(21, true);
      return { width: (packed & 0x3fff) + 1, height: ((packed >>> 14) & 0x3fff) + 1 };
    }
    default:
      return null;
  }
}

/** @param {DataView} bytes */
function sizeOfJpeg(bytes) {
  let turned = false;
  for (let at = 2; ; ) {
    const marker = bytes.getUint16(at);
    if (marker === 0xffff) {
      at += 1; // a byte that fills
      continue;
    }
    if (marker < 0xff01 || marker === 0xffd9 || marker === 0xffda) return null;
    const length = bytes.getUint16(at + 2);
    const frame = marker >= 0xffc0 && marker <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(marker);
    if (frame) {
      const [height, width] = [bytes.getUint16(at + 5), bytes.getUint16(at + 7)];
      return turned ? { width: height, height: width } : { width, height };
    }
    if (marker === 0xffe1 && text(bytes, at + 4, 4) === 'Exif') turned = isTurned(bytes, at + 10);
    at += 2 + length;
  }
}

/**
 * Whether Exif says that rows are columns.
 * @param {DataView} bytes
 * @param {number} start of its TIFF header
 */
function isTurned(bytes, start) {
  const little = text(bytes, start, 2) === 'II';
  const directory = start + bytes.getUint32(start + 4, little);
  const entries = bytes.getUint16(directory, little);
  for (let entry = 0; entry < entries; entry += 1) {
    const at = directory + 2 + 12 * entry;
    if (bytes.getUint16(at, little) === 0x0112) return bytes.getUint16(at + 8, little) >= 5; // the tag of the orientation
  }
  return false;
}

/** @type {Record<string, string>} by the brand of an ISO base media file */
const BRANDS = { heic: 'HEIC', heix: 'HEIC', heim: 'HEIC', heis: 'HEIC', hevc: 'HEIC', mif1: 'HEIF', msf1: 'HEIF', avif: 'AVIF', avis: 'AVIF' };

/** A drawing has no pixels, and `createImageBitmap` takes none: its root, after what XML may have before it. */
const SVG = /^(?:\xef\xbb\xbf)?\s*(?:<\?[^>]*>\s*|<!--[\s\S]*?-->\s*|<!DOCTYPE svg[^>]*>\s*)*<svg[\s>]/;
const SVG_HEAD = 2048;

/** @param {DataView} bytes */
function kindOf(bytes) {
  if (text(bytes, 4, 4) === 'ftyp') return BRANDS[text(bytes, 8, 4)] ?? null;
  if (text(bytes, 4, 4) === 'JXL ' || bytes.getUint16(0) === 0xff0a) return 'JPEG XL';
  if (['II*\0', 'MM\0*'].includes(text(bytes, 0, 4))) return 'TIFF';
  if (text(bytes, 0, 4) === '8BPS') return 'Photoshop';
  if (text(bytes, 0, 4) === '%PDF') return 'PDF';
  if (SVG.test(text(bytes, 0, Math.min(SVG_HEAD, bytes.byteLength)))) return 'SVG';
  return null;
}

/**
 * @param {DataView} bytes
 * @param {number} at
 * @param {number} length
 */
function text(bytes, at, length) {
  return String.fromCharCode(...Array.from({ length }, (_, place) => bytes.getUint8(at + place)));
}
