/** @import { Page } from 'playwright-core' */
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';

const source = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

/**
 * What axe finds fault with in the page as it is shown now. It is brought in by the debugger, which the page's
 * Content-Security-Policy doesn't bind.
 *
 * @param {Page} page
 * @returns {Promise<string[]>} one line for each rule that is broken
 */
export async function faultsOf(page) {
  await page.evaluate(source);
  return page.evaluate(async () => {
    const { axe } = /** @type {{ axe: typeof import('axe-core') }} */ (/** @type {unknown} */ (globalThis));
    const { violations } = await axe.run(document, { resultTypes: ['violations'] });
    return violations.map(
      ({ id, impact, help, nodes }) => `${impact}: ${id}, ${help}: ${nodes.map(({ target, failureSummary }) => `${target} (${failureSummary})`).join(' | ')}`,
    );
  });
}
