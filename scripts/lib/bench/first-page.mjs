// The smallest page that answers a photo. Everything that is known beforehand is fetched at once, whoever answers.

/** @import { Contestant } from './contestants.mjs' */
/** @import { NetworkName } from './export/export.mjs' */
import { readFileSync } from 'node:fs';
import { pkg } from '../../../tests/browser/chromium.js';
import { reachedFrom } from '../module-graph.mjs';
import { linksTo } from '../preloads.mjs';
import { NETWORKS } from './export/export.mjs';

/**
 * What pages of glimpse name in links: scripts/lib/preloads.mjs has the build write the same into index.html.
 * @param {NetworkName} network
 */
function ofGlimpse(network) {
  const modules = reachedFrom('www/engine.js', (file) => String(readFileSync(`${pkg}/${file}`)));
  return { modules: modules.map((file) => `/${file}`), files: ['/wasm/cpu/glimpse_bg.wasm', `/www/model/${NETWORKS[network]}.safetensors`] };
}

/**
 * @param {NetworkName} network
 * @param {Contestant} contestant
 */
function ofPeer(network, { module, preload = [] }) {
  const all = ['/bench/cold-peer.mjs', '/bench/photo.mjs', module, ...preload].map((address) => address.replace('NETWORK', network));
  const isModule = (/** @type {string} */ address) => /\.m?js$/.test(address);
  return { modules: all.filter(isModule), files: [`/networks/${network}.json`, ...all.filter((address) => !isModule(address))] };
}

/**
 * @param {NetworkName} network
 * @param {Contestant} contestant
 */
export function pageOf(network, contestant) {
  const { library, module, options } = contestant;
  const [imports, call] =
    library === 'glimpse'
      ? [`import { answer } from '/bench/cold-glimpse.mjs';`, `answer('${NETWORKS[network]}', '${options.backend}')`]
      : [`import { answer } from '/bench/cold-peer.mjs';\n      import { load } from '${module}';`, `answer(load, '${network}', ${JSON.stringify(options)})`];
  const { modules, files } = library === 'glimpse' ? ofGlimpse(network) : ofPeer(network, contestant);
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <title>A first visit</title>
    ${linksTo(modules, files).join('\n    ')}
    <script type="module">
      ${imports}
      ${call}.then(
        (label) => (globalThis.answered = { label, milliseconds: performance.now() }),
        (error) => (globalThis.answered = { error: String(error?.message ?? error) }),
      );
    </script>
  </head>
  <body></body>
</html>
`;
}
