// What a page does that answers one photo with glimpse's engine, in its worker.
import { EngineClient, models } from '/www/engine.js';

/**
 * @param {string} id of the network
 * @param {'cpu' | 'webgpu'} backend
 */
export async function answer(id, backend) {
  const engine = new EngineClient({ models: models.filter((model) => model.id === id), choice: id, preference: backend });
  engine.start();
  const file = await (await fetch('/www/samples/cat.jpg')).blob();
  const { photo } = await engine.open(file);
  if (backend === 'webgpu') await settled(engine); // the CPU would answer before
  const { ranked, vocabulary, backend: answered } = await engine.classify(photo, { framing: null, enhance: {}, singleView: true });
  if (answered !== backend) throw new Error(`The engine answers on ${answered}: ${engine.status.reason.code}.`);
  return (vocabulary ?? ranked)[0].label;
}

/** @param {EngineClient} engine @returns {Promise<void>} when nothing more is being loaded */
function settled(engine) {
  return new Promise((resolve) => {
    const look = () => {
      if (engine.status.state === 'loading' || engine.status.loading) return;
      engine.removeEventListener('change', look);
      resolve();
    };
    engine.addEventListener('change', look);
    look();
  });
}
