import { parse } from './core/addresses.js';
import { HEIGHT, HEIGHT_ASKED } from './embed/messages.js';

/*
 * For pages that put embed.html into an iframe, if they like: gives each such iframe the height that it asks for.
 *
 *     <script type="module" src="https://…/www/embed-host.js"></script>
 *     <iframe src="https://…/embed.html" title="Image classifier" allow="camera"></iframe>
 *
 * Other iframes of the page are none of its business.
 */

/** Pixels; no message makes an iframe higher. */
const HIGHEST = 5_000;

/** The last part of the address that an iframe of ours has. */
const EMBED = /\/embed(\.html)?$/;

/**
 * The iframes of this page that embed.html was put into, and the origin that each of them has.
 * @returns {{ frame: HTMLIFrameElement, origin: string }[]}
 */
function ours() {
  return [...document.querySelectorAll('iframe')].flatMap((frame) => {
    const address = parse(frame.src);
    return address && EMBED.test(address.pathname) ? [{ frame, origin: address.origin }] : [];
  });
}

globalThis.addEventListener?.('message', ({ data, origin, source }) => {
  if (data?.type !== HEIGHT || !(data.height > 0)) return;
  // A window speaks for its own frame only, and only while nobody has led it elsewhere.
  const own = ours().find((one) => one.frame.contentWindow === source && one.origin === origin);
  if (own) own.frame.style.height = `${Math.min(data.height, HIGHEST)}px`;
});

// Those that are there already have told their height to nobody.
if (globalThis.document) {
  for (const { frame } of ours()) frame.contentWindow?.postMessage({ type: HEIGHT_ASKED }, '*'); // which is no secret
}
