// A contestant in a frame of its own, with globals of its own: the page around it (host.mjs) calls what stands in `contestant`.
const asked = new URLSearchParams(location.search);

globalThis.contestant = import(asked.get('module') ?? '').then(({ load }) => load(asked.get('network'), JSON.parse(asked.get('options') ?? '{}')));
// Whoever waits for it is told.
globalThis.contestant.catch(() => {});
