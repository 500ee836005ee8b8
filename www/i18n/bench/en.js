/*
 * What only the page says that times the networks, in English; what the pages have in common is in `../en.js`. `page` holds
 * the texts of bench.html.
 */

const numbers = new Intl.NumberFormat('en');
const fine = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const seconds = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

export default {
  page: {
    title: 'glimpse: how fast is it here?',
    description: 'Times the networks of glimpse in your browser, on the CPU and on WebGPU, and gives a table to take along.',
    heading: 'How fast is it here?',
    lead: 'Both networks are timed in this browser, on the CPU and on WebGPU where there is one. Nothing of it leaves your device.',
    noscript: 'This page times neural networks in your browser, and for that it needs JavaScript and WebAssembly.',
    machineHeading: 'This browser',
    timesHeading: 'Times',
    others:
      'Only glimpse runs here: pages of glimpse load nothing from elsewhere. It is compared with TensorFlow.js and onnxruntime-web, on the same weights and in one browser, by scripts/bench in its source; the README has the table.',
  },
  count: 'Answers that are timed, each time',
  /** @param {number} count */
  answers: (count) => numbers.format(count),
  run: 'Measure',
  cancel: 'Cancel',
  /** @param {number} done @param {number} total */
  progress: (done, total) => `${done} of ${total}`,
  /** @param {string} backend @param {number} count */
  threads: (backend, count) => `${backend}, ${count} threads`,
  /** @param {string} network @param {string} backend */
  measuring: (network, backend) => `${network} on ${backend}`,
  hint: 'It takes about a minute, with an emulated GPU several; other tabs and programs make it slower.',
  facts: { browser: 'Browser', cores: 'Processor cores', gpu: 'WebGPU adapter', isolated: 'Resolution of its clock' },
  unknown: 'not told',
  /** @param {string} name */
  emulated: (name) => `${name} (emulated on the CPU)`,
  noAdapter: 'none',
  /** @param {boolean} isolated @returns {string} */
  resolution: (isolated) => (isolated ? '0.005 ms' : '0.1 ms'),
  table: {
    caption: 'Times of the networks',
    network: 'Network',
    first: 'First answer',
    median: 'Median',
    minimum: 'Fastest',
    preparing: 'Preparing',
  },
  explained:
    '“First answer” is from starting an engine to its first answer, with whatever has to be fetched for it; on WebGPU the CPU answers before, and WebGPU is checked. “Median” and “Fastest” are the network’s part of one look at a photo; “Preparing” is what comes before, cutting and shrinking.',
  /** @param {number} time milliseconds */
  milliseconds: (time) => `${time < 10 ? fine.format(time) : numbers.format(Math.round(time))} ms`,
  /** @param {number} time milliseconds */
  seconds: (time) => `${seconds.format(time / 1000)} s`,
  copyMarkdown: 'Copy as Markdown',
  copyText: 'Copy as text',
  copied: 'Copied.',
  notCopied: 'This browser doesn’t let the page copy. Select the table instead.',
  /** @param {string} date @param {number} count @param {string} browser @param {string} cores @param {string} gpu */
  measured: (date, count, browser, cores, gpu) =>
    `glimpse, ${date}: ${count} answers each; browser: ${browser}; processor cores: ${cores}; WebGPU adapter: ${gpu}.`,
};
