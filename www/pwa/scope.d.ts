/*
 * What a service worker sees of the browser, as far as `sw.js` uses it. TypeScript knows it too, but only without the
 * DOM that everything else here needs.
 */

export interface Extendable extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface Fetch extends Extendable {
  readonly request: Request;
  readonly clientId: string;
  readonly resultingClientId: string;
  respondWith(answer: Response | Promise<Response>): void;
}

export interface Client {
  readonly id: string;
  readonly url: string;
  postMessage(message: unknown): void;
}

export interface Message extends Extendable {
  readonly data: FromPage;
  readonly source: Client | null;
}

export interface Scope {
  readonly registration: ServiceWorkerRegistration;
  readonly clients: {
    claim(): Promise<void>;
    matchAll(which?: { includeUncontrolled?: boolean; type?: 'window' | 'all' }): Promise<readonly Client[]>;
  };
  skipWaiting(): Promise<void>;
  addEventListener(type: 'install' | 'activate', listener: (event: Extendable) => void): void;
  addEventListener(type: 'fetch', listener: (event: Fetch) => void): void;
  addEventListener(type: 'message', listener: (event: Message) => void): void;
}

/** What the build knows of the page: its version, and the SHA-256 of each file by its address. */
export interface Build {
  version: string;
  /** Whether pages are isolated from others. */
  isolated: boolean;
  /** The files that the page can't do without. */
  shell: Record<string, string>;
  /** Those that are kept once they have been used. */
  later: Record<string, string>;
}

/** What a page says to its worker: it has been opened, in this version and with these files; or the new one may take over. */
export type FromPage = { type: 'opened'; version: string; used: string[] } | { type: 'take-over' };

/** Why a version can't be kept. */
export interface Refusal {
  code: 'changed' | 'no-room' | 'refused';
  detail: string;
}

/** What a worker says to its pages. */
export type FromWorker = { type: 'refusal'; refusal: Refusal };

/**
 * Whether the page is kept in this browser: `unknown` until that has been looked into, or where nothing was built for it;
 * `saving` where the browser is to save data, `removed` where the person has removed it, and nobody has asked for it since.
 */
export interface Keeping {
  code: 'unknown' | 'unsupported' | 'saving' | 'removed' | 'storing' | 'stored' | Refusal['code'];
  detail: string;
  /** How many it would take (`saving`), or how many have been freed (`removed`, 0 on later visits). */
  bytes: number;
}
