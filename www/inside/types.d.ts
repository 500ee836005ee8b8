/** What the page and the panel that looks inside hand each other. */

import type { Get } from '../core/controller.js';
import type { ModelId, Outcome, Photo, Wishes } from '../core/types.js';
import type { Phrase } from '../i18n/index.js';
import type { EngineClient } from '../rpc/client.js';

/** The photo that the page shows, and its answer. */
export interface Subject {
  name: Phrase;
  get: Get;
  outcome: Outcome;
  /** What the answer was asked with. */
  wishes: Wishes;
}

/** The same, opened by the engine. */
export interface Opened extends Subject {
  photo: Photo;
  /** For the screen. */
  picture: HTMLCanvasElement;
}

/** A network that can be asked. */
export interface Network {
  id: ModelId;
  weights: URL | Blob;
}

/** What the panel asks of the page. */
export interface Host {
  engine: EngineClient;
  /** All networks that the page knows just now. */
  networks: () => readonly Network[];
  /** A photo is to be the page's own from now on. */
  take: (name: Phrase, get: Get) => void;
}

/** A view of the panel. */
export interface View {
  root: HTMLElement;
  /** Null where there is no photo any longer: nothing of it is kept, and nothing goes on. */
  show: (opened: Opened | null) => void;
  /** Ends what is under way; what has been found out stays. */
  stop: () => void;
}
