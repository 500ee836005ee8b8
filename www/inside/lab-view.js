/** @import { WordsOfInside } from '../i18n/inside/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Host, Opened } from './types.js' */
import { make } from '../ui/dom.js';
import { DisturbView } from './disturb-view.js';
import { StagesView } from './stages-view.js';
import { WaysTable } from './ways-table.js';

/** The preprocessing lab: each step, every way to take them, and what breaks the answer. */
export class LabView {
  #parts;

  root;

  /**
   * @param {Localizer<WordsOfInside>} localizer
   * @param {Host} host
   */
  constructor(localizer, host) {
    const table = new WaysTable(localizer, host.engine);
    const stages = new StagesView(localizer, host.engine, (framing) => table.see(framing));
    const disturb = new DisturbView(localizer, host);
    this.#parts = [stages, table, disturb];
    this.root = make('div', { id: 'view-preprocessing' }, ...this.#parts.map(({ root }) => root));
  }

  /** @param {Opened | null} opened */
  show(opened) {
    for (const part of this.#parts) part.show(opened);
  }

  stop() {
    for (const part of this.#parts) part.stop();
  }
}
