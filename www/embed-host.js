/*
 * For pages that put embed.html into an iframe, if they like: gives each such iframe the height that it asks for.
 *
 *     <script type="module" src="https://…/www/embed-host.js"></script>
 *     <iframe src="https://…/embed.html" title="Image classifier" allow="camera"></iframe>
 */

/** Pixels; no message makes an iframe higher. */
const HIGHEST = 5_000;

globalThis.addEventListener?.('message', ({ data, source }) => {
  if (data?.type !== 'glimpse-height' || !(data.height > 0)) return;
  for (const frame of document.querySelectorAll('iframe')) {
    // A window speaks for its own frame only.
    if (frame.contentWindow === source) frame.style.height = `${Math.min(data.height, HIGHEST)}px`;
  }
});
