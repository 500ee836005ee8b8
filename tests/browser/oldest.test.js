import assert from 'node:assert/strict';
import { test } from 'node:test';
import { abort, reasonOf, throwIfAborted } from '../../www/core/abort.js';
import { sample } from './samples.js';
import { backendIs, scene, upload } from './scene.js';
import { cardOf, host } from './widget.js';

/*
 * The oldest browsers, `browserslist` in package.json: a Chromium in which what they lack is taken away. Syntax stays, and
 * so does what our scripts never ask for.
 */

/** What neither Chrome 91 nor Firefox 90 has. */
function age() {
  const lacking = /** @type {[any, string[]][]} */ ([
    [Array, ['fromAsync']],
    [Array.prototype, ['at', 'findLast', 'findLastIndex', 'toReversed', 'toSorted', 'toSpliced', 'with']],
    [String.prototype, ['at', 'isWellFormed', 'toWellFormed']],
    [Object.getPrototypeOf(Uint8Array.prototype), ['at', 'findLast', 'findLastIndex', 'toReversed', 'toSorted', 'with']],
    [Object, ['hasOwn', 'groupBy']],
    [Map, ['groupBy']],
    [Promise, ['withResolvers', 'try']],
    [globalThis.AbortSignal, ['abort', 'any', 'timeout']],
    [globalThis.AbortSignal?.prototype, ['reason', 'throwIfAborted']],
    [globalThis, ['structuredClone', 'Iterator', 'CompressionStream', 'DecompressionStream']],
    [globalThis.URL, ['canParse', 'parse']],
    [globalThis.crypto && Object.getPrototypeOf(globalThis.crypto), ['randomUUID']],
  ]);
  for (const [owner, names] of lacking) for (const name of names) if (owner) delete owner[name];
}

/** Firefox 90 lacks more: a canvas for workers, so that the page's own thread computes, and what custom elements are given. */
function ageAsFirefox() {
  for (const [owner, name] of /** @type {[any, string][]} */ ([
    [globalThis, 'OffscreenCanvas'],
    [HTMLElement.prototype, 'attachInternals'],
    [ShadowRoot.prototype, 'adoptedStyleSheets'],
    [Document.prototype, 'adoptedStyleSheets'],
    [CSSStyleSheet.prototype, 'replaceSync'],
  ])) {
    delete owner[name];
  }
}

scene('without WebGPU', 'the page works in a browser as old as Chrome 91', async ({ page, server, open }) => {
  await page.addInitScript(age);
  server.inWorker(age);
  await open();
  await backendIs(page, 'cpu');
  const { ranked } = await upload(page, sample('ship').path);
  assert.equal(ranked[0]?.label, 'ship');
  assert.equal(page.workers().length, 1);
});

scene('without WebGPU', 'the element works in a browser as old as Firefox 90', async ({ page, server }) => {
  // Without constructed style sheets, the page around it has to allow inline ones.
  server.police("default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'");
  await page.addInitScript(age);
  await page.addInitScript(ageAsFirefox);
  await page.goto(server.page('/host.html', host('<glimpse-classifier src="/www/samples/cat.jpg" top-k="2"></glimpse-classifier>')));
  const { error, labels } = await cardOf(page);
  assert.deepEqual([error, labels.length, labels[0]], ['', 2, 'cat']);
  assert.equal(page.workers().length, 0);
  assert.notEqual(await page.locator('glimpse-classifier .card').evaluate((card) => getComputedStyle(card).borderTopWidth), '0px', 'it has its style');
  await page.locator('glimpse-classifier').evaluate((element) => document.body.append(element)); // moved, it keeps one style sheet
  assert.equal(await page.locator('glimpse-classifier style').count(), 1);
});

scene(
  'without WebGPU',
  'a browser that is too old is told so by every page, and not by an empty one',
  async ({ page, server }) => {
    const pages = ['', 'teach.html', 'folder.html', 'card.html', 'bench.html', 'embed.html'];
    const told = async (/** @type {RegExp} */ sentence) => {
      for (const name of pages) {
        await page.goto(`${server.origin}/${name}`);
        const notice = page.locator('#too-old');
        await notice.waitFor();
        assert.match(await notice.innerText(), sentence, name);
        assert.equal(await page.locator('#progress').isVisible(), false, name);
      }
    };
    // Its modules are written in a syntax that it doesn't know.
    server.meddle((path) =>
      /^\/www\/.*\.js$/.test(path) && !path.endsWith('/too-old.js') ? { change: (body) => Buffer.concat([body, Buffer.from('\n@;')]) } : undefined,
    );
    await told(/^This browser is too old .* Chrome 91, Firefox 90, Safari 16\.4/);
    // It knows no modules at all.
    server.meddle((path) =>
      path.endsWith('.html') ? { change: (body) => Buffer.from(String(body).replaceAll('type="module"', 'type="unknown"')) } : undefined,
    );
    await page.addInitScript(() => {
      Reflect.deleteProperty(HTMLScriptElement.prototype, 'noModule');
      Object.defineProperty(navigator, 'language', { value: 'zh-CN' });
    });
    await told(/^这个浏览器太旧/);
  },
  { allow: [/SyntaxError|Invalid or unexpected token/, /ERR_ABORTED/] }, // what is being fetched when the page is left
);

for (const [what, break_, sentence] of /** @type {const} */ ([
  [
    'SIMD in WebAssembly',
    () => {
      const refuse = () => Promise.reject(new WebAssembly.CompileError('Wasm SIMD unsupported'));
      Object.assign(WebAssembly, { compile: refuse, compileStreaming: refuse });
    },
    /needs WebAssembly with SIMD/,
  ],
  ['WebAssembly', () => Reflect.deleteProperty(globalThis, 'WebAssembly'), /can’t run WebAssembly/],
])) {
  scene(
    'without WebGPU',
    `a browser without ${what} is told so by the page, Teach and the element`,
    async ({ page, server }) => {
      server.inWorker(break_);
      await page.addInitScript(break_);
      for (const name of ['', 'teach.html']) {
        await page.goto(`${server.origin}/${name}`);
        await page.locator('.error', { hasText: sentence }).first().waitFor();
      }
      await page.goto(server.page('/host.html', host('<glimpse-classifier src="/www/samples/cat.jpg"></glimpse-classifier>')));
      assert.match((await cardOf(page)).error, sentence);
    },
    { allow: [/glimpse/, /ERR_ABORTED/] }, // what is being fetched when the page is left
  );
}

test('an aborted signal has its reason where browsers keep none', () => {
  const kept = /** @type {PropertyDescriptor} */ (Object.getOwnPropertyDescriptor(AbortSignal.prototype, 'reason'));
  try {
    for (const forgetful of [false, true]) {
      if (forgetful) Object.defineProperty(AbortSignal.prototype, 'reason', { configurable: true, value: undefined });
      const reason = new Error('the camera was unplugged');
      const controller = new AbortController();
      throwIfAborted(controller.signal);
      abort(controller, reason);
      abort(controller, new Error('a second one'));
      assert.equal(reasonOf(controller.signal), reason);
      assert.throws(() => throwIfAborted(controller.signal), reason);
      const plain = new AbortController();
      plain.abort();
      assert.throws(() => throwIfAborted(plain.signal), { name: 'AbortError' });
    }
  } finally {
    Object.defineProperty(AbortSignal.prototype, 'reason', kept);
  }
});
