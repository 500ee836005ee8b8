/**
 * A picture that answers can be compared on: coloured waves and a disc of others. Its numbers are those, out of a few
 * hundred drawn at random, of which both of our networks were the least sure: then a small mistake in any layer shows
 * in the probabilities.
 *
 * @param {number} size
 */
export function testPicture(size) {
  const image = new ImageData(size, size);
  for (let row = 0; row < size; row += 1) {
    for (let column = 0; column < size; column += 1) {
      const [x, y] = [column / size, row / size];
      const within = (x - 0.57) ** 2 + (y - 0.3) ** 2 < 0.06;
      const wave = (/** @type {number} */ shift) => 128 + 95 * Math.sin(9 * (x + shift) + (within ? 7 : 6) * y * y);
      image.data.set([wave(0), wave(0.25), wave(within ? 0.33 : 0.51), 255], 4 * (row * size + column));
    }
  }
  return image;
}
