// Writes www/ui/styles.js from www/ui/styles.css: the same style sheet as a module, for the element, whose shadow root
// takes it without a request and without leave from the Content-Security-Policy of the page around it.
// `node scripts/lib/styles.mjs` after each change of the CSS; a test tells where that was forgotten.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const css = fileURLToPath(new URL('../../www/ui/styles.css', import.meta.url));
export const target = fileURLToPath(new URL('../../www/ui/styles.js', import.meta.url));

/** The text of the module, as the CSS is now. Comments and indentation stay behind: nobody reads them there. */
export function styleModule() {
  const lines = String(readFileSync(css))
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean);
  const text = lines.join('\n').replace(/[`\\]|\$\{/g, '\\$&');
  return `/* Written by scripts/lib/styles.mjs from styles.css: change that instead. */\nexport default \`\n${text}\n\`;\n`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(target, styleModule());
