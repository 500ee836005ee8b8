// What scripts/bench does.

/** @import { NetworkName } from './export/export.mjs' */
/** @import { Row } from './report.mjs' */
/** @import { LINES } from './server.mjs' */
import { accessSync, constants, readFileSync, writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { chromium } from 'playwright-core';
import { executablePath, pkg } from '../../../tests/browser/chromium.js';
import { writeBetween } from '../between-marks.mjs';
import { timeCold } from './cold.mjs';
import { contestants } from './contestants.mjs';
import { exportNetwork, NETWORKS } from './export/export.mjs';
import { FLAGS, machineOf } from './machine.mjs';
import { chosen, readOptions, USAGE } from './options.mjs';
import { preparePeers } from './peers.mjs';
import { markdownOf, rowsOf } from './report.mjs';
import { serve } from './server.mjs';
import { timeWarm } from './warm.mjs';

const target = `${process.env.CARGO_TARGET_DIR ?? 'target'}/bench`;
const say = (/** @type {string} */ text) => process.stderr.write(`• ${text}\n`);

async function main() {
  const options = readOptions(process.argv.slice(2));
  if (options.help) return process.stdout.write(USAGE);
  if (options.json && options.json !== '-') accessSync(dirname(options.json), constants.W_OK); // now, and not after all is measured
  const asked = chosen(contestants(cpus().length), options.only);

  const versions = asked.some(({ library }) => library !== 'glimpse') ? preparePeers(target, say) : null;
  for (const network of options.networks) exportNetwork(`${pkg}/www/model/${NETWORKS[network]}.safetensors`, `${target}/networks`, network);
  const server = await serve(
    {
      '/bench/': fileURLToPath(new URL('page', import.meta.url)),
      '/networks/': `${target}/networks`,
      ...(versions ? { '/peers/': `${target}/peers` } : {}),
      '/': pkg,
    },
    `${target}/compressed`,
  );
  const browser = await chromium.launch({ executablePath, args: [...FLAGS, ...server.flags] });
  try {
    const page = await browser.newPage();
    page.setDefaultTimeout(0); // a turn takes as long as it takes
    await page.goto(`${server.origin}/bench/host.html`);
    const machine = await machineOf(page, browser.version());
    /** @type {Partial<Record<NetworkName, Row[]>>} */
    const networks = {};
    for (const network of options.networks) {
      const { temperature } = JSON.parse(String(readFileSync(`${target}/networks/${network}.json`)));
      await page.goto(`${server.origin}/bench/host.html`);
      const warm = await timeWarm(page, network, asked, options.rounds, temperature, say);
      await page.goto('about:blank'); // what waits there no longer takes memory
      const running = warm.filter(({ contestant, reason }) => reason === null && !contestant.warmOnly).map(({ contestant }) => contestant);
      const lines = /** @type {(keyof typeof LINES)[]} */ (options.quick ? ['none'] : ['none', 'none', 'none', 'cable', '4G']);
      networks[network] = rowsOf(warm, options.cold ? await timeCold(server, network, running, lines, say) : []);
    }
    const report = { date: new Date().toISOString().slice(0, 10), machine, versions: versions ?? {}, rounds: options.rounds, networks };
    const [json, text] = [`${JSON.stringify(report, null, 2)}\n`, markdownOf(report)];
    process.stdout.write(options.json === '-' ? json : `${text}\n`);
    if (options.json && options.json !== '-') writeFileSync(options.json, json);
    if (options.readme) writeBetween('README.md', 'bench', text);
  } finally {
    await browser.close();
    await server.close();
  }
}

main().catch((error) => {
  console.error(`\nglimpse: ${error.message}`);
  process.exitCode = 1;
});
