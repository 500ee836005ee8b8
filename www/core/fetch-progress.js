/** @import { Progress } from './types.js' */
import { Failure, messageOf } from './errors.js';

/**
 * Fetches a file of this site and reports its bytes as they arrive.
 *
 * The size is only known when the server states it for the bytes as they are: with a content encoding, the stated
 * length is that of the packed bytes, while the stream delivers the unpacked ones.
 *
 * @param {URL} url
 * @param {(progress: Progress) => void} [report]
 * @param {RequestInit} [init]
 * @returns {Promise<Response>}
 */
export async function download(url, report = () => {}, init = {}) {
  const file = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  /** @type {Response} */
  let response;
  try {
    response = await fetch(url, init);
  } catch (error) {
    throw new Failure('download', { file, detail: messageOf(error) }, error);
  }
  if (!response.ok) throw new Failure('download-status', { file, status: response.status });
  const length = Number(response.headers.get('content-length'));
  const total = length > 0 && !response.headers.has('content-encoding') ? length : null;
  count(response.clone(), total, report).catch(() => {}); // whoever reads the response meets the same error
  return response;
}

/**
 * Reads a copy: a body that JavaScript reads by itself, chunk by chunk, is taken for an aborted request by Chromium.
 *
 * @param {Response} copy
 * @param {number | null} total
 * @param {(progress: Progress) => void} report
 */
async function count(copy, total, report) {
  let loaded = 0;
  report({ loaded, total });
  const reader = copy.body?.getReader();
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return;
    loaded += value.byteLength;
    report({ loaded, total: total !== null && loaded <= total ? total : null });
  }
}

/**
 * @param {URL} url
 * @param {(progress: Progress) => void} [report]
 * @param {RequestInit} [init]
 * @returns {Promise<Uint8Array>}
 */
export async function downloadBytes(url, report, init) {
  const response = await download(url, report, init);
  try {
    return new Uint8Array(await response.arrayBuffer());
  } catch (error) {
    const file = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
    throw new Failure('download', { file, detail: messageOf(error) }, error);
  }
}
