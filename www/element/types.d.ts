/** What the events of `<glimpse-classifier>` carry as their `detail`. */

import type { GlimpseClassifier } from './glimpse-classifier.js';
import type { BackendName, ModelId, Outcome, PlaceMap, Reply } from '../core/types.js';

export type Theme = 'auto' | 'light' | 'dark';

export type Loading = 'lazy' | 'eager';

/** What can be classified; a string is the address of a picture. */
export type Source = string | URL | Blob | ImageData | ImageBitmap | HTMLCanvasElement | OffscreenCanvas | HTMLVideoElement | HTMLImageElement;

/** `ready`: from now on, a picture is answered at once. */
export interface ReadyDetail {
  /** The network that answers until a better one has come. */
  model: ModelId;
  backend: BackendName;
  classes: string[];
}

/** `progress`: a network is being fetched. */
export interface ProgressDetail {
  model: ModelId;
  backend: BackendName;
  /** Bytes. */
  loaded: number;
  /** Null where the server doesn't say. */
  total: number | null;
}

/** `result`: an answer is shown. */
export interface ResultDetail {
  outcome: Outcome;
  /** What the question of yes or no is answered, where `ask` asks one. */
  reply: Reply | null;
  /** What the picture is called. */
  name: string;
  /** False where the network asked for is still on its way and will answer the same picture again. */
  final: boolean;
  /** Whether it is one of the many of the camera's live picture. */
  live: boolean;
}

/** `map`: where the network looked is shown. */
export interface MapDetail {
  map: PlaceMap;
  /** Whether it came with one of the many answers of the camera's live picture. */
  live: boolean;
}

/** `error`: no answer. */
export interface ErrorDetail {
  code: string;
  facts: Record<string, string | number>;
  /** What people read in the card, in its language. */
  message: string;
}

/** By the event's type. */
export interface Details {
  ready: ReadyDetail;
  progress: ProgressDetail;
  result: ResultDetail;
  map: MapDetail;
  error: ErrorDetail;
}

/** Dispatches an event of the element. */
export type Emit = <T extends keyof Details>(type: T, detail: Details[T]) => void;

/** A picture on its way to the network. */
export interface Given {
  name: string;
  get(signal: AbortSignal): Promise<Blob>;
}

declare global {
  interface HTMLElementTagNameMap {
    'glimpse-classifier': GlimpseClassifier;
  }
}
