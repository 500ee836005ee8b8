import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { eventually } from './programs.js';

/*
 * What steps can do with a page, in any browser that speaks WebDriver.
 */

/**
 * A browser that has been started for the tests.
 *
 * @typedef {object} Connection
 * @property {string} name
 * @property {string} version
 * @property {string} downloads the folder that it downloads into
 * @property {(command: string, parameters?: object) => Promise<any>} send a command of WebDriver
 * @property {() => Promise<void>} close
 */

/** A first answer, on a busy machine. */
const PATIENCE = 30_000;

/** How WebDriver names an element. */
const ELEMENT = 'element-6066-11e4-a52e-4f735466cecf';

export class Tab {
  #browser;

  /** @param {Connection} browser */
  constructor(browser) {
    this.#browser = browser;
  }

  /** @param {string} url */
  async open(url) {
    await this.#browser.send('Navigate', { url });
  }

  async reload() {
    await this.#browser.send('Refresh');
  }

  /**
   * What a function gives in the page, which gets the page's globals and the arguments alone.
   *
   * @template {unknown[]} A
   * @template R
   * @param {(...args: A) => R | Promise<R>} run
   * @param {A} args
   * @returns {Promise<R>}
   */
  async evaluate(run, ...args) {
    const script = `const args = [...arguments]; const done = args.pop();
      Promise.resolve().then(() => (${run})(...args)).then((value) => done({ value }), (error) => done({ error: String(error) + '\\n' + error?.stack }));`;
    const { value, error } = await this.#browser.send('ExecuteAsyncScript', { script, args });
    if (error) throw new Error(`in the page: ${error}`);
    return value;
  }

  /**
   * Asks the page until there is an answer.
   *
   * @template {unknown[]} A
   * @template R
   * @param {string} what
   * @param {(...args: A) => R | null | undefined | false} ask
   * @param {A} args
   */
  until(what, ask, ...args) {
    return eventually(
      what,
      PATIENCE,
      () => this.evaluate(/** @type {(...args: A) => any} */ (ask), ...args),
      () => this.evaluate(() => `— the page says: ${document.body.innerText.replace(/\s+/g, ' ')}`),
    );
  }

  /** @param {string} selector */
  visible(selector) {
    return this.until(
      `${selector} is seen`,
      (selector) => [...document.querySelectorAll(selector)].some((element) => element.getClientRects().length > 0),
      selector,
    );
  }

  /** @param {string} selector a click as a person makes it */
  async click(selector) {
    await this.visible(selector);
    await this.#browser.send('ElementClick', { id: await this.#find(selector) });
  }

  /**
   * Files for a file input, as a person chooses them.
   * @param {string} selector
   * @param {string[]} paths
   */
  async choose(selector, ...paths) {
    await this.#browser.send('ElementSendKeys', { id: await this.#find(selector), text: paths.join('\n') });
  }

  /**
   * @param {string} selector of a list or a text field
   * @param {string} value
   */
  async set(selector, value) {
    await this.evaluate(
      (selector, value) => {
        const field = /** @type {HTMLInputElement} */ (document.querySelector(selector));
        field.value = value;
        for (const type of ['input', 'change']) field.dispatchEvent(new Event(type, { bubbles: true }));
      },
      selector,
      value,
    );
  }

  /**
   * Clicks on what downloads a file.
   *
   * @param {string} selector
   * @param {string} name of the file
   */
  async download(selector, name) {
    await this.click(selector);
    let before = -1;
    return eventually(`${name} is downloaded`, PATIENCE, () => {
      const file = readFileSync(join(this.#browser.downloads, name));
      const whole = file.length > 0 && file.length === before;
      before = file.length;
      return whole && file;
    });
  }

  /** @param {string} value */
  async #find(value) {
    return (await this.#browser.send('FindElement', { using: 'css selector', value }))[ELEMENT];
  }
}
