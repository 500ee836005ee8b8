/** @import { ModelId, Progress } from '../core/types.js' */
/** @import { Wanted } from '../engine/supplies.js' */
/** @import { Order } from './protocol.js' */
import { Failure, messageOf } from '../core/errors.js';
import { downloadBytes } from '../core/fetch-progress.js';
import { isShipped } from '../core/models.js';
import { fetchAndCompile } from '../engine/compile.js';
import { wasmFiles } from '../engine/wasm-files.js';
import { pack } from './protocol.js';

/**
 * What the first answer takes, as far as it can be known before there is an engine: the CPU's module, and the weights of the network
 * that answers first. `scripts/lib/preloads.mjs` has index.html name the same files.
 *
 * @param {readonly { id: ModelId, weights: URL | Blob }[]} models
 * @returns {{ wanted: Wanted, url: URL }[]}
 */
export function firstFiles([first]) {
  /** @type {{ wanted: Wanted, url: URL }[]} */
  const files = [{ wanted: { module: 'cpu' }, url: wasmFiles.cpu }];
  // A file from elsewhere may be anything: whoever reads it looks at it while it comes.
  if (first && isShipped(first.weights)) files.push({ wanted: { model: first.id }, url: first.weights });
  return files;
}

/**
 * Fetches what the first answer takes while the worker is started, and its modules are fetched one after the other; else the
 * largest files would come last.
 */
export class HeadStart {
  #end = new AbortController();
  /** @type {(order: Order, transfer?: Transferable[]) => void} */
  #send = () => {};
  /** @type {Map<Wanted, Progress>} what nobody has been told yet */
  #untold = new Map();
  #files;

  /** @param {readonly { id: ModelId, weights: URL | Blob }[]} models */
  constructor(models) {
    const { signal } = this.#end;
    this.#files = firstFiles(models).map(({ wanted, url }) => {
      const report = (/** @type {Progress} */ progress) => this.#report(wanted, progress);
      const file = 'module' in wanted ? fetchAndCompile(url, report, { signal }) : downloadBytes(url, report, { signal });
      file.catch(() => {}); // who is told of it, sees to it
      return { wanted, file };
    });
  }

  /** What comes, or is refused. */
  get wanted() {
    return this.#files.map(({ wanted }) => wanted);
  }

  /**
   * Hands everything on that has come and will come, to an engine that knows of it.
   * @param {(order: Order, transfer?: Transferable[]) => void} send
   */
  handOver(send) {
    this.#send = send;
    for (const [wanted, progress] of this.#untold) send({ type: 'coming', wanted, progress });
    for (const { wanted, file } of this.#files) {
      file.then(
        (found) => this.#send({ type: 'supply', wanted, file: found }, found instanceof Uint8Array ? [found.buffer] : []),
        (error) => this.#send({ type: 'missing', wanted, error: pack(asFailure(error)) }),
      );
    }
    this.#files = []; // it is the engine's
  }

  /** Nobody wants it any longer. */
  end() {
    this.#send = () => {};
    this.#files = [];
    this.#end.abort();
  }

  /**
   * @param {Wanted} wanted
   * @param {Progress} progress
   */
  #report(wanted, progress) {
    if (this.#files.length > 0) this.#untold.set(wanted, progress);
    else this.#send({ type: 'coming', wanted, progress });
  }
}

/** @param {unknown} error */
const asFailure = (error) => (error instanceof Failure ? error : new Failure('download', { file: '', detail: messageOf(error) }, error));
