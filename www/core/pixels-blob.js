/*
 * Pixels as they are, for what is no picture file: to pack a video's picture as PNG and to unpack it again takes longer than
 * to look at it. As a blob they go the way of every photo, and cost nothing to hand on.
 */

const TYPE = /^image\/x-rgba;width=(\d+);height=(\d+)$/;

/** @param {ImageData} image */
export function pixelsToBlob({ data, width, height }) {
  return new Blob([data], { type: `image/x-rgba;width=${width};height=${height}` });
}

/**
 * @param {Blob} blob
 * @returns {Promise<ImageData | null>} null where it is a file of another kind
 */
export async function blobToPixels(blob) {
  const [width = 0, height = 0] = (TYPE.exec(blob.type) ?? []).slice(1).map(Number);
  if (width * height === 0 || blob.size !== 4 * width * height) return null;
  return new ImageData(new Uint8ClampedArray(await blob.arrayBuffer()), width, height);
}
