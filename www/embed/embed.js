/** @import { ResultDetail } from '../element/types.js' */
import './policy.js'; // before anything is fetched
import { GlimpseClassifier } from '../element.js';
import { HEIGHT, HEIGHT_ASKED, RESULT } from './messages.js';

/*
 * The script of embed.html, the page that is put into an iframe: what its address says becomes the element's attributes,
 * and the page around the iframe is told how high it would like to be.
 */

/** All that the element listens to, and `theme`, which its style sheet reads. */
const NAMES = [...GlimpseClassifier.observedAttributes, 'theme'];

const asked = new URLSearchParams(location.search);
const element = document.querySelector('glimpse-classifier');
if (!element) throw new Error('embed.html has no <glimpse-classifier>');

const lang = asked.get('lang');
if (lang) document.documentElement.lang = lang;
for (const name of NAMES) {
  const value = asked.get(name);
  if (value !== null) element.setAttribute(name, value);
}

// To whoever it is ('*'): a height is no secret, and the page around can't be known from here.
if (parent !== window) {
  const tell = () => parent.postMessage({ type: HEIGHT, height: Math.ceil(element.getBoundingClientRect().height) }, '*');
  new ResizeObserver(tell).observe(element);
  // The script of the page around may have come later than the first height.
  addEventListener('message', ({ data, source }) => {
    if (source === parent && data?.type === HEIGHT_ASKED) tell();
  });
}

// Answers, on the other hand, go only to the origin that the address names, `post=https://example.org`, if the page around is
// of that one: never to whoever it is. The square that the network saw is a piece of somebody's photo, and stays here.
const reader = originOf(asked.get('post') ?? '');
if (parent !== window && reader) {
  element.addEventListener('result', (event) => {
    const { outcome, reply, name, final, live } = /** @type {CustomEvent<ResultDetail>} */ (event).detail;
    const { seen: _, ...told } = outcome;
    parent.postMessage({ type: RESULT, outcome: told, reply, name, final, live }, reader);
  });
}

/**
 * @param {string} address
 * @returns {string | null} null where it is no address of the web
 */
function originOf(address) {
  try {
    const { origin, protocol } = new URL(address);
    return ['http:', 'https:'].includes(protocol) ? origin : null;
  } catch {
    return null;
  }
}
