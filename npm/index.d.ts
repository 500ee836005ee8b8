/** `import 'glimpse-classifier'`: from then on, `<glimpse-classifier>` works. */

import type { GlimpseClassifier } from './www/element.js';
import type { Details } from './www/element/types.js';

export { GlimpseClassifier } from './www/element.js';
export type { AtThreshold, BackendName, Info, ModelId, Outcome, PlaceMap, Preference, Ranked, Reply } from './www/core/types.js';
export type { Details, ErrorDetail, MapDetail, ProgressDetail, ReadyDetail, ResultDetail, Source, Theme } from './www/element/types.js';

/** What a listener gets, by the event's type. */
type Listener<K extends keyof Details> = (this: GlimpseClassifier, event: CustomEvent<Details[K]>) => unknown;

declare module './www/element/glimpse-classifier.js' {
  interface GlimpseClassifier {
    addEventListener<K extends keyof Details>(type: K, listener: Listener<K>, options?: boolean | AddEventListenerOptions): void;
    addEventListener<K extends keyof HTMLElementEventMap>(
      type: K,
      listener: (this: HTMLElement, event: HTMLElementEventMap[K]) => unknown,
      options?: boolean | AddEventListenerOptions,
    ): void;
    addEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | AddEventListenerOptions): void;
    removeEventListener<K extends keyof Details>(type: K, listener: Listener<K>, options?: boolean | EventListenerOptions): void;
    removeEventListener<K extends keyof HTMLElementEventMap>(
      type: K,
      listener: (this: HTMLElement, event: HTMLElementEventMap[K]) => unknown,
      options?: boolean | EventListenerOptions,
    ): void;
    removeEventListener(type: string, listener: EventListenerOrEventListenerObject, options?: boolean | EventListenerOptions): void;
  }
}
