// A reporter for `node --test`: the seconds that each test file took, one file a line, with what it does before and after
// its tests. scripts/test lists the slowest.
import { relative, resolve } from 'node:path';

/** @param {AsyncIterable<{ type: string, data: any }>} events */
export default async function* fileTimes(events) {
  for await (const { type, data } of events) {
    // The runner counts each file as a test of its own, which has the file's path for a name.
    if (type !== 'test:complete' || !data.file || resolve(data.name) !== data.file) continue;
    yield `${(data.details.duration_ms / 1000).toFixed(1)} ${relative('.', data.file)}\n`;
  }
}
