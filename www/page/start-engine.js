import { models } from '../core/models.js';
import { networkOfAddress } from '../core/network-of-address.js';
import { recall, recallBackend } from '../core/preferences.js';
import { recallSpeeds } from '../core/speeds.js';
import { EngineClient } from '../rpc/client.js';

/**
 * The engine of the page, as this person has wanted it before, already at work: what it fetches takes longest, and none of what is
 * seen has to be there for it.
 */
export function startEngine() {
  const usual = models[models.length - 1]?.id;
  if (!usual) throw new Error('www/core/models.js lists no model');
  const own = networkOfAddress();
  const networks = own ? [...models, own] : models;
  const choice = own?.id ?? networks.find(({ id }) => id === recall('model'))?.id ?? usual;
  const engine = new EngineClient({ models: networks, choice, preference: recallBackend(), speeds: recallSpeeds() });
  engine.start();
  return { engine, networks, usual };
}
