/** @import { GlimpseClassifier } from '../element.js' */
import '../element.js';
import '../embed-host.js';

/*
 * The examples become live: each is made from the lines that are printed, so what is printed works. Addresses are those of
 * the site that serves this page, so what is copied works, too.
 */

const PRINTED = 'https://example.org/glimpse/';
const SITE = new URL('../../', import.meta.url).href;

/** What an example may consist of; scripts and styles are this page's own. */
const SHOWN = 'glimpse-classifier, iframe, p';
/** Even where they are only parsed, the policy is asked about inline styles. */
const UNSHOWN = /<(script|style)\b[\s\S]*?<\/\1>/g;

for (const example of document.querySelectorAll('.example')) {
  const pair = example.querySelector('.pair');
  const pre = example.querySelector('pre');
  if (!pair || !pre) throw new Error(`the example ${example.id} has no lines`);
  pre.tabIndex = 0; // it scrolls
  const code = /** @type {HTMLElement} */ (pre.firstElementChild);
  code.textContent = (code.textContent ?? '').replaceAll(PRINTED, SITE);
  const snippet = document.createElement('div');
  snippet.className = 'snippet';
  snippet.append(pre, copier(example.querySelector('h2')?.textContent ?? '', code));
  const demo = document.createElement('div');
  demo.className = 'demo';
  const lines = new DOMParser().parseFromString(code.textContent.replace(UNSHOWN, ''), 'text/html');
  demo.append(...[...lines.querySelectorAll(SHOWN)].map((part) => document.importNode(part, true)));
  pair.append(snippet, demo);
}
runCode();

/**
 * @param {string} of what the button copies, for those who hear it by itself
 * @param {HTMLElement} code
 */
function copier(of, code) {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'button copy';
  button.textContent = 'Copy';
  button.setAttribute('aria-label', `Copy: ${of}`);
  button.addEventListener('click', async () => {
    let told = 'Copied';
    try {
      await navigator.clipboard.writeText(code.textContent ?? '');
    } catch {
      getSelection()?.selectAllChildren(code);
      told = 'Press Ctrl+C';
    }
    button.textContent = told;
    const status = document.getElementById('told-copied');
    if (status) status.textContent = told;
    setTimeout(() => (button.textContent = 'Copy'), 2000);
  });
  return button;
}

/** The same as the lines of the example ‘From code’, which this page's policy doesn't let it take from there. */
function runCode() {
  const eye = /** @type {GlimpseClassifier | null} */ (document.querySelector('#eye'));
  const told = document.querySelector('#told');
  if (!eye || !told) throw new Error('the example from code has no element');
  eye.addEventListener('error', (/** @type {Event} */ event) => {
    told.textContent = /** @type {CustomEvent} */ (event).detail.message;
  });
  eye.addEventListener('result', (event) => {
    const { outcome, final } = /** @type {CustomEvent} */ (event).detail;
    const [best] = outcome.ranked;
    told.textContent = `${best.label} (${Math.round(100 * best.probability)}%)`;
    if (!final) told.textContent += ' for now';
  });
  // Here, it waits until it is seen; there, it begins at once.
  const watch = new IntersectionObserver((entries) => {
    if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
    watch.disconnect();
    eye.classify(`${SITE}www/samples/dog.jpg`).catch(() => {}); // told by the event
  });
  watch.observe(eye);
}
