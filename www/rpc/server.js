/** @import { Info } from '../core/types.js' */
/** @import { Ask, Order, Port, Report } from './protocol.js' */
import { Engine } from '../engine/engine.js';
import { Supplies } from '../engine/supplies.js';
import { pack, unpack } from './protocol.js';

/** Milliseconds in which changes of the status are gathered: a download reports every few kilobytes. */
const GATHER = 16;

/**
 * The engine's side of the bridge.
 * @param {Port} port
 */
export function serve(port) {
  /** @type {Engine | null} */
  let engine = null;
  let supplies = new Supplies();
  /** @type {Map<number, AbortController>} */
  const turns = new Map();
  /** @type {ReturnType<typeof setTimeout> | null} */
  let gathering = null;
  /** @type {Map<Info, number>} the numbers of those that the page has been told */
  const told = new Map();

  const report = (/** @type {Report} */ message, /** @type {Transferable[]} */ transfer = []) => port.postMessage(message, transfer);

  /** @param {Info} info */
  function numberOf(info) {
    const known = told.get(info);
    if (known !== undefined) return known;
    const number = told.size;
    told.set(info, number);
    report({ type: 'info', number, info });
    return number;
  }

  function postStatus() {
    if (gathering !== null) clearTimeout(gathering);
    gathering = null;
    if (!engine) return;
    const { status, failure } = engine;
    report({ type: 'status', status: { ...status, info: status.info && numberOf(status.info) }, failure: failure && pack(failure) });
    void warmUp(engine);
  }

  /** @param {Engine} idle as long as nobody asks it anything */
  async function warmUp(idle) {
    while (turns.size === 0 && (await idle.warmUp()));
  }

  /**
   * @param {number} id
   * @param {Ask} ask
   */
  async function answer(id, ask) {
    if (!engine) throw new Error('asked before it has begun');
    const turn = new AbortController();
    turns.set(id, turn);
    try {
      const value = await settle(engine, ask, turn.signal, (done, steps) => report({ type: 'progress', id, done, steps }));
      if (gathering !== null) postStatus(); // so that nobody gets an answer before the status that belongs to it
      if (value && 'map' in value) {
        const { outcome, map } = value;
        report({ type: 'explanation', id, explanation: { map, outcome: { ...outcome, info: numberOf(outcome.info) } } });
      } else if (value && 'info' in value) report({ type: 'outcome', id, outcome: { ...value, info: numberOf(value.info) } });
      else report({ type: 'answer', id, value }, value instanceof ImageBitmap ? [value] : []);
    } catch (error) {
      if (gathering !== null) postStatus();
      report({ type: 'refusal', id, error: pack(error) });
    } finally {
      turns.delete(id);
    }
  }

  port.onmessage = ({ data }) => {
    const order = /** @type {Order} */ (data);
    switch (order.type) {
      case 'begin': {
        const models = order.wanted.models.map(({ id, weights }) => ({ id, weights: weights instanceof Blob ? weights : new URL(weights) }));
        supplies = new Supplies(order.wanted.coming);
        engine = new Engine({ ...order.wanted, models, supplies });
        engine.addEventListener('change', () => (gathering ??= setTimeout(postStatus, GATHER)));
        engine.start();
        break;
      }
      case 'coming':
        supplies.report(order.wanted, order.progress);
        break;
      case 'supply':
        supplies.deliver(order.wanted, order.file);
        break;
      case 'missing':
        supplies.refuse(order.wanted, unpack(order.error));
        break;
      case 'start':
        engine?.start();
        break;
      case 'prefer':
        engine?.prefer(order.preference);
        break;
      case 'choose':
        engine?.choose(order.model, order.weights);
        break;
      case 'ask':
        answer(order.id, order.ask);
        break;
      case 'ping':
        report({ type: 'pong' });
        break;
      case 'abort':
        turns.get(order.id)?.abort();
        break;
    }
  };
  report({ type: 'hello' });
}

/**
 * @param {Engine} engine
 * @param {Ask} ask
 * @param {AbortSignal} signal
 * @param {(done: number, steps: number) => void} report
 */
function settle(engine, ask, signal, report) {
  switch (ask.what) {
    case 'open':
      return engine.open(ask.photo, signal);
    case 'classify':
      return engine.classify(ask.picture, ask.wishes, signal);
    case 'explain':
      return engine.explain(ask.picture, ask.wishes, ask.request, report, signal);
    case 'curves':
      return engine.curves(ask.classes, signal);
    case 'stages':
      return engine.stages(ask.photo, ask.wishes, signal);
  }
}
