import { models, ownFileId } from '../core/models.js';
import { networkOfAddress } from '../core/network-of-address.js';
import { recall, recallBackend, remember } from '../core/preferences.js';
import { recallSpeeds } from '../core/speeds.js';
import { EngineClient } from '../rpc/client.js';

/** @typedef {{ id: string, weights: URL | Blob }} Network */

/** The networks that there are to choose from, those included that the address names or somebody has opened, and the one that is chosen. */
export class Networks {
  /** @type {Network[]} */
  #own = [networkOfAddress() ?? []].flat();

  chosen = this.#own[0]?.id ?? models.find(({ id }) => id === recall('model'))?.id ?? models[models.length - 1]?.id ?? '';

  /** @returns {readonly Network[]} */
  get list() {
    return [...models, ...this.#own];
  }

  /** @param {string} id */
  choose(id) {
    this.chosen = id;
    if (models.some((model) => model.id === id)) remember('model', id);
  }

  /**
   * A weights file of somebody's own is chosen; it takes the place of an earlier one of its name.
   * @param {File} file
   */
  open(file) {
    const id = ownFileId(file);
    this.#own = [...this.#own.filter((network) => network.id !== id), { id, weights: file }];
    this.chosen = id;
  }

  /** An engine with the chosen network alone, so that no other one answers. */
  engine() {
    const network = this.list.find(({ id }) => id === this.chosen);
    if (!network) throw new Error(`there is no network ${this.chosen}`);
    const preference = recallBackend();
    // How fast a file was says nothing of another one that is called the same.
    return new EngineClient({ models: [network], choice: network.id, preference, speeds: network.weights instanceof Blob ? {} : recallSpeeds() });
  }
}
