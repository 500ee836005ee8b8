/** @import { WordsOfTeaching } from '../i18n/teach/index.js' */
/** @import { Localizer } from '../i18n/localizer.js' */
/** @import { Pace } from './recorder.js' */
import { recall, remember } from '../core/preferences.js';
import { make, setText } from '../ui/dom.js';

/** Seconds to choose among; the first is what nobody has chosen. */
const INTERVALS = [0.3, 0.15, 0.6, 1, 2];
const DELAYS = [0, 3, 10];

/** How pictures are recorded, for all classes. */
export class RecordingSettings {
  #interval = make('select', { id: 'record-interval' });
  #delay = make('select', { id: 'record-delay' });

  root;

  /**
   * @param {Localizer<WordsOfTeaching>} localizer
   * @param {() => void} changed
   */
  constructor(localizer, changed) {
    const heading = make('legend');
    const [interval, delay] = [make('label', { for: 'record-interval' }), make('label', { for: 'record-delay' })];
    for (const [select, values, key] of /** @type {const} */ ([
      [this.#interval, INTERVALS, 'record-interval'],
      [this.#delay, DELAYS, 'record-delay'],
    ])) {
      select.append(...[...values].sort((a, b) => a - b).map((value) => make('option', { value: String(value) })));
      select.value = String(values.find((value) => String(value) === recall(key)) ?? values[0]);
      select.addEventListener('change', () => {
        remember(key, select.value);
        changed();
      });
    }
    this.root = make(
      'fieldset',
      { class: 'recording' },
      heading,
      make('p', { class: 'pick' }, interval, this.#interval),
      make('p', { class: 'pick' }, delay, this.#delay),
    );
    localizer.follow(() => {
      const { classes } = localizer.words.teach;
      setText(heading, classes.recorderHeading);
      setText(interval, classes.interval);
      setText(delay, classes.delay);
      for (const option of this.#interval.options) setText(option, classes.seconds(Number(option.value)));
      for (const option of this.#delay.options) setText(option, option.value === '0' ? classes.atOnce : classes.after(Number(option.value)));
    });
  }

  /** @returns {Pace} */
  get pace() {
    return { interval: 1000 * Number(this.#interval.value), delay: 1000 * Number(this.#delay.value) };
  }
}
