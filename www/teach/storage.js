/** @import { Content, Picture, Project, Change } from './project.js' */
import { Failure, messageOf } from '../core/errors.js';

/*
 * A project in this browser (IndexedDB): one, where somebody has asked for it to be kept.
 */

const DATABASE = 'glimpse-teach';
const VERSION = 1;
/** The one entry of the first store: everything but the pictures, which are in the second by their ids. */
const PROJECT = 'project';
const PICTURES = 'pictures';
/** Milliseconds in which changes are gathered. */
const GATHER = 400;

/** What is kept beside the pictures; `network` says which network has made the embeddings. */
/** @typedef {{ name: string, classes: Content['classes'], network: string }} Kept */

/**
 * Keeps a project up to date in this browser, from when it is told to. A `change` event tells that `state` has become
 * another.
 */
export class Storage extends EventTarget {
  #project;
  /** @type {() => string} */
  #network;
  /** @type {IDBDatabase | null} */
  #database = null;
  /** @type {Set<number>} pictures to be written, or deleted where the project has them no more */
  #stale = new Set();
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  #timer;
  #writing = Promise.resolve();

  /** @type {'off' | 'keeping' | 'kept' | 'failed'} */
  state = 'off';
  /** @type {Failure | null} why it isn't kept */
  failure = null;
  /** Whether the browser has promised not to delete it by itself. */
  persistent = false;

  /**
   * @param {Project} project
   * @param {() => string} network what says which network the embeddings are of
   */
  constructor(project, network) {
    super();
    this.#project = project;
    this.#network = network;
    project.addEventListener('change', (event) => this.#see(/** @type {CustomEvent<Change>} */ (event).detail));
  }

  /**
   * What was kept here before; it goes on being kept from `resume` on. Null where there is nothing. It never rejects: where
   * a browser keeps nothing, there is nothing.
   *
   * @returns {Promise<{ content: Content, network: string } | null>}
   */
  async open() {
    try {
      if (!(await exists())) return null;
      const database = (this.#database = await connect());
      const transaction = database.transaction([PROJECT, PICTURES]);
      const [kept, pictures] = await Promise.all([
        done(/** @type {IDBRequest<Kept | undefined>} */ (transaction.objectStore(PROJECT).get(PROJECT))),
        done(/** @type {IDBRequest<Picture[]>} */ (transaction.objectStore(PICTURES).getAll())),
      ]);
      if (!kept) return null;
      this.persistent = (await navigator.storage?.persisted?.()) ?? false;
      return { content: { name: kept.name, classes: kept.classes, pictures }, network: kept.network };
    } catch (error) {
      console.info('glimpse could not look for a kept project.', error);
      return null;
    }
  }

  /** The project is what was kept: from now on its changes are kept, too. */
  resume() {
    this.#become('kept');
  }

  /** Keeps the project from now on. */
  async keep() {
    this.persistent = await askToPersist();
    this.#become('keeping');
    for (const { id } of this.#project.pictures) this.#stale.add(id);
    await this.#write();
  }

  /** Deletes what is kept. */
  async forget() {
    clearTimeout(this.#timer);
    this.#stale.clear();
    await this.#writing.catch(() => {});
    this.#database?.close();
    this.#database = null;
    this.#become('off');
    await done(indexedDB.deleteDatabase(DATABASE)).catch((error) => console.info('glimpse could not delete the kept project.', error));
  }

  /** Resolves when nothing is left to be written. */
  async settled() {
    clearTimeout(this.#timer);
    if (this.state === 'keeping') await this.#write();
  }

  /** @param {Change} change */
  #see({ pictures, removed }) {
    if (this.state === 'off') return;
    for (const id of [...pictures, ...removed]) this.#stale.add(id);
    this.#become('keeping');
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#write(), GATHER);
  }

  #write() {
    this.#writing = this.#writing.then(() => this.#writeNow());
    return this.#writing;
  }

  async #writeNow() {
    if (this.state === 'off') return;
    const ids = [...this.#stale];
    this.#stale.clear();
    try {
      const database = (this.#database ??= await connect());
      const transaction = database.transaction([PROJECT, PICTURES], 'readwrite');
      const { name, classes } = this.#project;
      /** @type {Kept} */
      const kept = { name, classes: classes.map((each) => ({ ...each })), network: this.#network() };
      transaction.objectStore(PROJECT).put(kept, PROJECT);
      const pictures = transaction.objectStore(PICTURES);
      for (const id of ids) {
        const picture = this.#project.picture(id);
        if (picture) pictures.put(picture);
        else pictures.delete(id);
      }
      await finished(transaction);
      this.failure = null;
      if (this.#stale.size === 0) this.#become('kept');
    } catch (error) {
      for (const id of ids) this.#stale.add(id);
      this.failure = failureOf(error);
      this.#become('failed');
    }
  }

  /** @param {Storage['state']} state */
  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event('change'));
  }
}

/** Whether something was kept: opening a database that isn't there would make one. */
async function exists() {
  // Older browsers can't list theirs.
  if (typeof indexedDB.databases !== 'function') return true;
  return (await indexedDB.databases()).some(({ name }) => name === DATABASE);
}

/** @returns {Promise<IDBDatabase>} */
function connect() {
  const request = indexedDB.open(DATABASE, VERSION);
  request.addEventListener('upgradeneeded', () => {
    request.result.createObjectStore(PROJECT);
    request.result.createObjectStore(PICTURES, { keyPath: 'id' });
  });
  return done(request).then((database) => {
    database.addEventListener('versionchange', () => database.close()); // another window deletes it
    return database;
  });
}

/**
 * @template T
 * @param {IDBRequest<T>} request
 * @returns {Promise<T>}
 */
function done(request) {
  return new Promise((resolve, reject) => {
    request.addEventListener('success', () => resolve(request.result));
    request.addEventListener('error', () => reject(request.error));
  });
}

/**
 * @param {IDBTransaction} transaction
 * @returns {Promise<void>}
 */
function finished(transaction) {
  return new Promise((resolve, reject) => {
    transaction.addEventListener('complete', () => resolve());
    for (const type of ['error', 'abort']) transaction.addEventListener(type, () => reject(transaction.error));
  });
}

/** Without that promise it is kept all the same, for as long as the browser likes. */
async function askToPersist() {
  try {
    return (await navigator.storage?.persist?.()) ?? false;
  } catch {
    return false;
  }
}

/** @param {unknown} error */
function failureOf(error) {
  const full = error instanceof DOMException && error.name === 'QuotaExceededError';
  return new Failure(full ? 'storage-full' : 'storage-refused', { detail: messageOf(error) }, error);
}
