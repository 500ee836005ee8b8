/** @import { FromPage, FromWorker, Keeping, Refusal } from './scope.js' */
import { messageOf } from '../core/errors.js';
import { recall, remember } from '../core/preferences.js';
import { isOurs } from './cache-names.js';

/** Milliseconds after which a page that comes into view looks for a new version. Each visit looks by itself. */
const UPDATE_INTERVAL = 3_600_000;

/**
 * Has the page kept in this browser, so that it works without a network, and brings in new versions. A `change` event
 * tells that `state` or `renewable` has become another.
 */
export class OfflineCopy extends EventTarget {
  #container = containerHere();
  #mark = document.querySelector('meta[name="offline"]');
  #started = false;
  /** @type {ServiceWorkerRegistration | null} */
  #registration = null;
  /** @type {Refusal | null} */
  #refusal = null;

  /** @type {Keeping} */
  state = { code: 'unknown', detail: '', bytes: 0 };
  /** Whether a newer version waits to take over. */
  renewable = false;

  constructor() {
    super();
    let answered = !!this.#container?.controller;
    this.#container?.addEventListener('controllerchange', () => {
      // Another version answers, which has nothing for this page. The first one to answer is of this page's version.
      if (answered) location.reload();
      answered = true;
    });
    this.#container?.addEventListener('message', ({ data }) => this.#receive(data));
  }

  /**
   * Call it when the page has what it needs: what is fetched now is fetched beside it. Where the build has prepared
   * nothing, as while editing, nothing happens. Where the person has removed it, or the browser is to save data and holds
   * nothing yet, nothing is fetched until somebody asks for it.
   */
  async start() {
    if (this.#started || !(this.#mark instanceof HTMLMetaElement)) return;
    this.#started = true;
    if (!this.#container) {
      this.#setState('unsupported');
      return;
    }
    const wanted = recall('offline');
    if (wanted === 'no') this.#setState('removed');
    else if (savesData() && wanted !== 'yes' && !(await this.#known())) this.#setState('saving', '', Number(this.#mark.dataset.bytes));
    else await this.#register(this.#container, this.#mark.content);
  }

  /** The person wants it after all. */
  async keep() {
    if (!this.#container || !(this.#mark instanceof HTMLMetaElement)) return;
    remember('offline', 'yes');
    this.#setState('storing');
    await this.#register(this.#container, this.#mark.content);
  }

  /** The person doesn't want it, now and on later visits. */
  async remove() {
    remember('offline', 'no');
    const registration = this.#registration ?? (await this.#known());
    this.#registration = null;
    this.renewable = false;
    try {
      const { scope = '' } = registration ?? {};
      await registration?.unregister();
      const names = (await caches.keys()).filter((name) => isOurs(name, scope));
      const sizes = await Promise.all(names.map(sizeOf));
      await Promise.all(names.map((name) => caches.delete(name)));
      this.#setState(
        'removed',
        '',
        sizes.reduce((sum, size) => sum + size, 0),
      );
    } catch (error) {
      this.#setState('refused', messageOf(error));
    }
  }

  /** What an earlier visit has had kept. */
  async #known() {
    return (await this.#container?.getRegistration().catch(() => undefined)) ?? null;
  }

  /**
   * @param {ServiceWorkerContainer} container
   * @param {string} script
   */
  async #register(container, script) {
    try {
      const registration = await container.register(script);
      this.#registration = registration;
      registration.addEventListener('updatefound', () => this.#followState(registration.installing));
      for (const worker of [registration.installing, registration.waiting]) this.#followState(worker);
      this.#update();
      this.#checkForUpdates(registration);
      await this.#reportOpened(await container.ready);
    } catch (error) {
      this.#setState('refused', messageOf(error));
    }
  }

  /** The newer version takes over, here and in all other windows. */
  renew() {
    const waiting = this.#registration?.waiting;
    if (waiting) this.#send(waiting, { type: 'take-over' });
    // A page that no version answers, after a reload past all caches, hears of no change.
    if (!waiting || !this.#container?.controller) location.reload();
  }

  /** @param {ServiceWorker | null} worker */
  #followState(worker) {
    worker?.addEventListener('statechange', () => this.#update());
  }

  #update() {
    if (!this.#registration) return; // removed
    const { installing, waiting, active } = this.#registration;
    this.renewable = !!waiting && !!active;
    if (active) this.#setState('stored');
    else if (installing || waiting) this.#setState('storing');
    else this.#setState(this.#refusal?.code ?? 'refused', this.#refusal?.detail);
  }

  /** @param {ServiceWorkerRegistration} registration */
  async #reportOpened({ active }) {
    const version = /** @type {HTMLMetaElement} */ (this.#mark).dataset.version ?? '';
    const used = performance.getEntriesByType('resource').map(({ name }) => name);
    if (active) this.#send(active, { type: 'opened', version, used });
  }

  /** @param {ServiceWorkerRegistration} registration */
  #checkForUpdates(registration) {
    let last = Date.now();
    document.addEventListener('visibilitychange', () => {
      if (document.visibilityState !== 'visible' || Date.now() - last < UPDATE_INTERVAL) return;
      last = Date.now();
      registration.update().catch(() => {}); // without a network there is no news
    });
  }

  /** @param {FromWorker} message */
  #receive({ type, refusal }) {
    if (type !== 'refusal') return;
    this.#refusal = refusal;
    console.info(`A version of glimpse could not be kept in this browser (${refusal.code}: ${refusal.detail}).`);
    if (this.#registration) this.#update();
  }

  /**
   * @param {ServiceWorker} worker
   * @param {FromPage} message
   */
  #send(worker, message) {
    worker.postMessage(message);
  }

  /**
   * @param {Keeping['code']} code
   * @param {string} [detail]
   * @param {number} [bytes]
   */
  #setState(code, detail = '', bytes = 0) {
    this.state = { code, detail, bytes };
    this.dispatchEvent(new Event('change'));
  }
}

/** Whether the person has told the browser to save data. */
function savesData() {
  const { connection } = /** @type {{ connection?: { saveData?: boolean } }} */ (navigator);
  return connection?.saveData === true;
}

/**
 * The bytes of the files in a cache; the service worker has noted them down.
 * @param {string} name
 */
async function sizeOf(name) {
  const responses = await (await caches.open(name)).matchAll();
  return responses.reduce((sum, { headers }) => sum + Number(headers.get('content-length')), 0);
}

/** Null where there is none: on an insecure origin, in some private windows; a sandboxed frame may not even ask. */
function containerHere() {
  try {
    return navigator.serviceWorker ?? null;
  } catch {
    return null;
  }
}
