import { models } from '../core/models.js';
import { networkOfAddress } from '../core/network-of-address.js';
import { recall, recallBackend, remember } from '../core/preferences.js';
import { recallSpeeds } from '../core/speeds.js';
import { EngineClient } from '../rpc/client.js';

/** The networks that there are to choose from, the one that the address names included, and the one that is chosen. */
export class Networks {
  #address = networkOfAddress();

  chosen = this.#address?.id ?? models.find(({ id }) => id === recall('model'))?.id ?? models[models.length - 1]?.id ?? '';

  get list() {
    return [...models, ...(this.#address ? [this.#address] : [])];
  }

  /** @param {string} id */
  choose(id) {
    this.chosen = id;
    if (models.some((model) => model.id === id)) remember('model', id);
  }

  /** An engine with the chosen network alone, so that no other one answers. */
  engine() {
    const network = this.list.find(({ id }) => id === this.chosen);
    if (!network) throw new Error(`there is no network ${this.chosen}`);
    const preference = recallBackend();
    return new EngineClient({ models: [network], choice: network.id, preference, speeds: recallSpeeds() });
  }
}
