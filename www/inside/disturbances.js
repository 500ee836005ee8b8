/*
 * What goes wrong with photos, as small arithmetic on pixels: the same in every browser, whose canvas filters differ or are
 * missing. None of it is preparation for the network, which gets a disturbed photo as it gets any other one.
 */

/**
 * How far each disturbance goes; 0 is not at all.
 * @typedef {Record<Disturbance, number>} Strengths
 */

/** @typedef {'rotation' | 'blur' | 'dark' | 'cast' | 'noise' | 'jpeg'} Disturbance */

/**
 * In the order in which they are made: first what happens before a camera, then in it, then in the file. `most` is the end
 * of the slider: degrees, the blur's standard deviation in pixels, percent of the light that is gone, percent of a cast of
 * orange, the noise's standard deviation in grey levels, and what JPEG's quality is short of 100.
 *
 * @type {readonly { name: Disturbance, most: number, step: number }[]}
 */
export const DISTURBANCES = [
  { name: 'rotation', most: 180, step: 1 },
  { name: 'blur', most: 20, step: 0.5 },
  { name: 'dark', most: 98, step: 1 },
  { name: 'cast', most: 100, step: 1 },
  { name: 'noise', most: 150, step: 1 },
  { name: 'jpeg', most: 99, step: 1 },
];

/** @type {Readonly<Strengths>} */
export const UNDISTURBED = { rotation: 0, blur: 0, dark: 0, cast: 0, noise: 0, jpeg: 0 };

/** The same noise each time: a slider that goes back brings the same picture back. */
const SEED = 2_463_534_242;

/** What a full cast leaves of red, green and blue: light of a sodium lamp. */
const LAMP = [1, 0.55, 0.1];

/**
 * Opaque pixels, four bytes each, rows from the top.
 * @typedef {{ width: number, height: number, data: Uint8ClampedArray<ArrayBuffer> }} Pixels
 */

/**
 * A copy that is no longer than so many pixels along its longer side, each the mean of its area: so that a disturbance means
 * the same for every photo.
 *
 * @param {Pixels} pixels
 * @param {number} longest
 * @returns {Pixels}
 */
export function reduce({ width, height, data }, longest) {
  const scale = Math.min(1, longest / Math.max(width, height));
  const small = blank(Math.max(1, Math.round(width * scale)), Math.max(1, Math.round(height * scale)));
  for (let y = 0; y < small.height; y += 1) {
    const top = Math.round((y * height) / small.height);
    const bottom = Math.round(((y + 1) * height) / small.height);
    for (let x = 0; x < small.width; x += 1) {
      const left = Math.round((x * width) / small.width);
      const right = Math.round(((x + 1) * width) / small.width);
      const count = (bottom - top) * (right - left);
      for (let c = 0; c < 3; c += 1) {
        let sum = 0;
        for (let row = top; row < bottom; row += 1)
          for (let at = 4 * (row * width + left) + c; at < 4 * (row * width + right); at += 4) sum += Number(data[at]);
        small.data[4 * (y * small.width + x) + c] = sum / count;
      }
    }
  }
  return small;
}

/**
 * Everything but the compression, which is the browser's.
 *
 * @param {Pixels} pixels stay as they are
 * @param {Readonly<Strengths>} strengths
 * @returns {Pixels}
 */
export function disturb(pixels, { rotation, blur: softness, dark, cast, noise }) {
  let changed = { ...pixels, data: pixels.data.slice() };
  if (rotation) changed = rotate(changed, rotation);
  if (softness) blur(changed, softness);
  if (dark || cast) colour(changed, dark / 100, cast / 100);
  if (noise) addNoise(changed, noise);
  return changed;
}

/**
 * Around the centre, clockwise; the corners that come in show the mean colour of the picture.
 *
 * @param {Pixels} pixels
 * @param {number} degrees
 */
function rotate({ width, height, data }, degrees) {
  const turned = blank(width, height);
  const mean = meanOf(data);
  const [cos, sin] = [Math.cos((degrees * Math.PI) / 180), Math.sin((degrees * Math.PI) / 180)];
  const [middleX, middleY] = [(width - 1) / 2, (height - 1) / 2];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const fromX = cos * (x - middleX) + sin * (y - middleY) + middleX;
      const fromY = cos * (y - middleY) - sin * (x - middleX) + middleY;
      const at = 4 * (y * width + x);
      if (fromX <= -0.5 || fromY <= -0.5 || fromX >= width - 0.5 || fromY >= height - 0.5) {
        turned.data.set(mean, at);
        continue;
      }
      const left = Math.max(0, Math.floor(fromX));
      const top = Math.max(0, Math.floor(fromY));
      const upper = 4 * (top * width + left);
      const right = left < width - 1 ? 4 : 0;
      const lower = upper + (top < height - 1 ? 4 * width : 0);
      const shareX = Math.max(0, fromX - left);
      const shareY = Math.max(0, fromY - top);
      for (let c = 0; c < 3; c += 1) {
        const above = Number(data[upper + c]) * (1 - shareX) + Number(data[upper + right + c]) * shareX;
        const below = Number(data[lower + c]) * (1 - shareX) + Number(data[lower + right + c]) * shareX;
        turned.data[at + c] = above * (1 - shareY) + below * shareY;
      }
    }
  }
  return turned;
}

/**
 * Three means of a moving window, one after the other, come close to a Gaussian (Kovesi, *Fast Almost-Gaussian Filtering*,
 * 2010), at a cost that doesn't grow with it. Pixels beyond the edge repeat the edge.
 *
 * @param {Pixels} pixels
 * @param {number} deviation in pixels
 */
function blur({ width, height, data }, deviation) {
  const sizes = windowsOf(deviation);
  const plane = new Float32Array(width * height);
  const line = new Float32Array(Math.max(width, height));
  for (let c = 0; c < 3; c += 1) {
    for (let at = 0; at < plane.length; at += 1) plane[at] = Number(data[4 * at + c]);
    for (const size of sizes) {
      for (let y = 0; y < height; y += 1) mean(plane, line, y * width, 1, width, size);
      for (let x = 0; x < width; x += 1) mean(plane, line, x, width, height, size);
    }
    for (let at = 0; at < plane.length; at += 1) data[4 * at + c] = Number(plane[at]);
  }
}

/** @param {number} deviation */
function windowsOf(deviation) {
  const ideal = Math.sqrt(4 * deviation ** 2 + 1); // of three
  const lower = Math.floor(ideal) - (Math.floor(ideal) % 2 === 0 ? 1 : 0);
  const lowers = Math.round((12 * deviation ** 2 - 3 * lower ** 2 - 12 * lower - 9) / (-4 * lower - 4));
  return [0, 1, 2].map((each) => (each < lowers ? lower : lower + 2));
}

/**
 * One row or column, in place.
 *
 * @param {Float32Array} plane
 * @param {Float32Array} line room for it
 * @param {number} start
 * @param {number} step
 * @param {number} count
 * @param {number} size odd
 */
function mean(plane, line, start, step, count, size) {
  const reach = (size - 1) / 2;
  const last = count - 1;
  for (let place = 0; place < count; place += 1) line[place] = Number(plane[start + place * step]);
  let sum = 0;
  for (let place = -reach; place <= reach; place += 1) sum += Number(line[Math.min(last, Math.max(0, place))]);
  for (let place = 0; place < count; place += 1) {
    plane[start + place * step] = sum / size;
    sum += Number(line[Math.min(last, place + reach + 1)]) - Number(line[Math.max(0, place - reach)]);
  }
}

/**
 * @param {Pixels} pixels
 * @param {number} dark the share of the light that is gone
 * @param {number} cast
 */
function colour({ data }, dark, cast) {
  const gains = LAMP.map((left) => (1 - dark) * (1 - cast * (1 - left)));
  for (let at = 0; at < data.length; at += 1) if (at % 4 < 3) data[at] = Number(data[at]) * Number(gains[at % 4]);
}

/**
 * Gaussian, each channel of each pixel by itself.
 *
 * @param {Pixels} pixels
 * @param {number} deviation in grey levels
 */
function addNoise({ data }, deviation) {
  const normal = normals(generator(SEED));
  for (let at = 0; at < data.length; at += 4) for (let c = 0; c < 3; c += 1) data[at + c] = Number(data[at + c]) + deviation * normal();
}

/**
 * Numbers of a normal distribution, in pairs, by Box and Muller.
 * @param {() => number} random
 */
function normals(random) {
  let spare = NaN;
  return () => {
    const kept = spare;
    spare = NaN;
    if (!Number.isNaN(kept)) return kept;
    const radius = Math.sqrt(-2 * Math.log(1 - random())); // the logarithm of 0 is infinite
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}

/**
 * Numbers from 0 to 1, the same everywhere (Marsaglia, *Xorshift RNGs*, 2003).
 * @param {number} seed not 0
 */
function generator(seed) {
  let state = seed;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) / 0x1_0000_0000;
  };
}

/** @param {Uint8ClampedArray} data */
function meanOf(data) {
  const sums = [0, 0, 0];
  for (let at = 0; at < data.length; at += 1) if (at % 4 < 3) sums[at % 4] = Number(sums[at % 4]) + Number(data[at]);
  return sums.map((sum) => sum / (data.length / 4));
}

/**
 * @param {number} width
 * @param {number} height
 * @returns {Pixels} black
 */
function blank(width, height) {
  const data = new Uint8ClampedArray(4 * width * height);
  for (let at = 3; at < data.length; at += 4) data[at] = 255;
  return { width, height, data };
}
