/** @import { Preference } from '../core/types.js' */
import { models } from '../core/models.js';
import { networkOfAddress } from '../core/network-of-address.js';
import { recall, remember } from '../core/preferences.js';
import { recallSpeeds } from '../core/speeds.js';
import { EngineClient } from '../rpc/client.js';

/** @type {readonly Preference[]} */
const preferences = ['auto', 'webgpu', 'cpu'];

/** The networks that there are to choose from, one's own file included, and the one that is chosen. */
export class Networks {
  #address = networkOfAddress();
  /** @type {{ id: string, weights: URL } | null} */
  #file = null;

  chosen = this.#address?.id ?? models.find(({ id }) => id === recall('model'))?.id ?? models[models.length - 1]?.id ?? '';

  get list() {
    return [...models, ...(this.#address ? [this.#address] : []), ...(this.#file ? [this.#file] : [])];
  }

  /** @param {string} id */
  choose(id) {
    this.chosen = id;
    if (models.some((model) => model.id === id)) remember('model', id);
  }

  /**
   * Somebody's own weights file. Its address lives as long as the choice: a worker that has ended fetches it again.
   * @param {File} file
   */
  open(file) {
    if (this.#file) URL.revokeObjectURL(this.#file.weights.href);
    const taken = [...models, ...(this.#address ? [this.#address] : [])].some(({ id }) => id === file.name);
    this.#file = { id: taken ? `${file.name} (2)` : file.name, weights: new URL(URL.createObjectURL(file)) };
    this.chosen = this.#file.id;
  }

  /** An engine with the chosen network alone, so that no other one answers. */
  engine() {
    const network = this.list.find(({ id }) => id === this.chosen);
    if (!network) throw new Error(`there is no network ${this.chosen}`);
    const preference = preferences.find((known) => known === recall('backend')) ?? 'auto';
    return new EngineClient({ models: [network], choice: network.id, preference, speeds: recallSpeeds() });
  }
}
