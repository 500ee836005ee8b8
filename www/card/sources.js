/** @import { Card } from './types.js' */
import { Failure } from '../core/errors.js';
import { download } from '../core/fetch-progress.js';
import { models } from '../core/models.js';
import { networkOfAddress } from '../core/network-of-address.js';
import { isWeights } from '../ui/weights-input.js';
import { readCard } from './read-card.js';

/**
 * A network, or what somebody has opened as one: its card, and the bytes of its weights file, where there is one. What has
 * been opened is called as its file.
 * @typedef {{ id: string, file?: string, card: () => Promise<Card>, weights: (() => Promise<ArrayBuffer>) | null }} Source
 */

/** The key of somebody's own files; people read their names. */
const OPENED = 'opened';

/** The networks that have cards: those of the site, the one that the address names, and files that somebody has opened. */
export class Sources {
  /** @type {Source[]} */
  #others;
  /** @type {{ card: File | null, weights: File | null }} */
  #files = { card: null, weights: null };

  chosen;

  constructor() {
    const asked = new URLSearchParams(location.search).get('model');
    const own = models.some(({ id }) => id === asked) ? null : networkOfAddress();
    this.#others = own ? [beside(own.id, own.weights)] : [];
    this.chosen = own?.id ?? models.find(({ id }) => id === asked)?.id ?? models[models.length - 1]?.id ?? '';
  }

  /** @returns {readonly Source[]} */
  get list() {
    return [...models.map(({ id, weights }) => beside(id, weights)), ...this.#others];
  }

  get source() {
    return this.list.find(({ id }) => id === this.chosen);
  }

  /**
   * A weights file, its card, or both; what isn't among them stays as it was opened before.
   * @param {readonly File[]} files
   */
  open(files) {
    const weights = files.find(isWeights) ?? this.#files.weights;
    const card = files.find((file) => !isWeights(file)) ?? this.#files.card;
    if (!weights && !card) return;
    this.#files = { weights, card };
    /** @type {Source} */
    const opened = {
      id: OPENED,
      file: (weights ?? card)?.name,
      async card() {
        if (!card) throw new Failure('card-missing', { file: weights?.name.replace(/\.safetensors$/i, '.json') ?? '' });
        return readCard(await card.text());
      },
      weights: weights && (() => weights.arrayBuffer()),
    };
    this.#others = [...this.#others.filter(({ id }) => id !== OPENED), opened];
    this.chosen = OPENED;
  }
}

/**
 * @param {string} id
 * @param {URL} weights
 * @returns {Source} the card lies beside the weights file
 */
function beside(id, weights) {
  const card = new URL(weights);
  card.pathname = card.pathname.replace(/(\.safetensors)?$/i, '.json');
  return {
    id,
    async card() {
      const response = await download(card).catch((error) => {
        throw error instanceof Failure && error.code === 'download-status' ? new Failure('card-missing', { file: String(error.facts.file) }, error) : error;
      });
      return readCard(await response.text());
    },
    weights: async () => (await download(weights)).arrayBuffer(),
  };
}
