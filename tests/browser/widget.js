/** @import { Locator, Page } from 'playwright-core' */

/*
 * Pages that somebody puts `<glimpse-classifier>` into, and what is seen of it there.
 */

/** Images that a page asks for by itself. */
const ICON = '<link rel="icon" href="/www/icon.svg">';

/**
 * A page with the element in it.
 *
 * @param {string} body
 * @param {{ site?: string, head?: string, lang?: string }} [options] `site` is where the element comes from, where that
 *   is another origin
 */
export function host(body, { site = '', head = '', lang = 'en' } = {}) {
  const script = `<script type="module" src="${site}/www/element.js"></script>`;
  return `<!doctype html><html lang="${lang}"><head><meta charset="utf-8"><title>host</title>${ICON}${script}${head}</head><body>${body}</body></html>`;
}

/** What the host's pages keep of the element's events, in `globalThis.heard`. */
export const LISTEN = () => {
  /** @type {{ type: string, detail: any, composed: boolean, bubbles: boolean }[]} */
  const heard = [];
  Object.assign(globalThis, { heard });
  for (const type of ['ready', 'progress', 'result', 'error']) {
    addEventListener(
      type,
      (event) => {
        if (event instanceof CustomEvent) heard.push({ type, detail: event.detail, composed: event.composed, bubbles: event.bubbles });
      },
      true,
    ); // on its way down, for errors don't bubble
  }
};

/**
 * The events so far, without what is too large to be looked at.
 * @param {Page} page
 */
export function heard(page) {
  return page.evaluate(() =>
    /** @type {any} */ (globalThis).heard.map((/** @type {any} */ { type, detail, composed, bubbles }) => {
      const { outcome, ...rest } = detail;
      const [best, specific] = [outcome?.ranked[0].label, outcome?.specific?.label];
      return {
        type,
        composed,
        bubbles,
        detail: rest,
        ...(outcome && { best, specific, model: outcome.model, backend: outcome.backend, keys: Object.keys(outcome).sort() }),
      };
    }),
  );
}

/**
 * Waits for the last answer, or for an error, and says what the card says.
 *
 * @param {Page} page
 * @param {string} [selector]
 * @param {string} [model] the network that must have answered
 */
export async function cardOf(page, selector = 'glimpse-classifier', model = 'photo') {
  const element = page.locator(selector);
  const settled = element.locator(`.card[aria-busy="false"]:has(.timing[data-model="${model}"], .error:not([hidden]))`);
  await settled.waitFor({ state: 'attached' }).catch(async (error) => {
    const markup = await element.first().evaluate((found) => found.shadowRoot?.textContent ?? '');
    throw new Error(`${selector} never answered; it says “${markup.replace(/\s+/g, ' ')}”`, { cause: error });
  });
  return saysOf(element);
}

/** @param {Locator} element */
export function saysOf(element) {
  return element.first().evaluate((found) => {
    const root = found.shadowRoot;
    const shown = (/** @type {string} */ what) => {
      const part = /** @type {HTMLElement | null | undefined} */ (root?.querySelector(what));
      return part?.checkVisibility() ? (part.textContent ?? '') : '';
    };
    const rows = [...(root?.querySelectorAll('.bars li') ?? [])].map((row) => /** @type {HTMLElement} */ (row));
    return {
      error: shown('.error p'),
      verdict: shown('.verdict'),
      confidence: shown('.confidence'),
      name: shown('.name'),
      timing: shown('.timing'),
      remark: shown('.remark'),
      announced: root?.querySelector('[role="status"]')?.textContent ?? '',
      labels: rows.map(({ dataset }) => dataset.label ?? ''),
      names: rows.map((row) => row.querySelector('.label')?.textContent ?? ''),
      photo: root?.querySelector('canvas.photo')?.getAttribute('aria-label') ?? '',
      stage: /** @type {HTMLElement | null | undefined} */ (root?.querySelector('.stage'))?.dataset.state ?? '',
    };
  });
}
