// The last touch on Trunk's index.html: `node scripts/lib/finish-page.mjs pkg/.stage/index.html`.
import { createHash } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { writePreloads } from './preloads.mjs';
import { versionLine } from './version.mjs';

const [, , file = 'pkg/index.html'] = process.argv;
let html = String(readFileSync(file));

// Trunk leaves the line that tells it not to build the crate (see trunk.toml) in the page, where it means nothing.
html = html.replace(/^[ \t]*<link\b[^>]*\bdata-trunk-skip\b[^>]*>[ \t]*\n?/gm, '');

// `trunk serve` appends an inline script that reloads the page. A strict Content-Security-Policy in the page would
// refuse it, so exactly that script is named in it, here and never in what is shipped. Trunk would fill in the address
// while serving, which changes the script's digest: the page knows its address by itself.
const reload = /<script>([^<]*\.well-known\/trunk\/ws[\s\S]*?)<\/script>/;
const policy = /<meta\b[^>]*http-equiv="Content-Security-Policy"[^>]*\bscript-src\b/i;
const [, script] = reload.exec(html) ?? [];
if (script && policy.test(html)) {
  const ours = script.replace("'{{__TRUNK_ADDRESS__}}'", 'window.location.host').replace('{{__TRUNK_WS_BASE__}}', '/');
  const digest = createHash('sha256').update(ours).digest('base64');
  html = html.replace(script, () => ours).replace(policy, (found) => `${found} 'sha256-${digest}'`);
}

// Cargo.toml knows the version, and where the source is.
html = html.replace('<!-- version -->', () => versionLine(String(readFileSync(new URL('../../Cargo.toml', import.meta.url)))));

writeFileSync(file, html);
await writePreloads(dirname(file));
