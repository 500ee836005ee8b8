/*
 * What only the page says that times the networks, in Chinese; `en.js` is its pattern. `page` holds the texts of bench.html.
 */

const numbers = new Intl.NumberFormat('zh');
const fine = new Intl.NumberFormat('zh', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const seconds = new Intl.NumberFormat('zh', { minimumFractionDigits: 2, maximumFractionDigits: 2 });

/** @type {import('./index.js').BenchWords} */
export default {
  page: {
    title: 'glimpse：在这里有多快？',
    description: '在你的浏览器中测量 glimpse 各模型的耗时（CPU 与 WebGPU），并给出可带走的表格。',
    heading: '在这里有多快？',
    lead: '两个模型都在此浏览器中计时：在 CPU 上，有 WebGPU 时也在 WebGPU 上。任何数据都不会离开你的设备。',
    noscript: '本页面在你的浏览器中为神经网络计时，需要 JavaScript 和 WebAssembly。',
    machineHeading: '此浏览器',
    timesHeading: '耗时',
    others:
      '这里只运行 glimpse：glimpse 的页面不会从别处加载任何内容。与 TensorFlow.js 和 onnxruntime-web 的比较（相同的权重、同一个浏览器）由源代码中的 scripts/bench 完成，表格见 README。',
  },
  count: '每次计时的回答数',
  /** @param {number} count */
  answers: (count) => numbers.format(count),
  run: '开始测量',
  cancel: '取消',
  /** @param {number} done @param {number} total */
  progress: (done, total) => `第 ${done} 项，共 ${total} 项`,
  /** @param {string} backend @param {number} count */
  threads: (backend, count) => `${backend}，${count} 个线程`,
  /** @param {string} network @param {string} backend */
  measuring: (network, backend) => `${network}（${backend}）`,
  hint: '大约需要一分钟，GPU 由 CPU 模拟时需要几分钟；其他标签页和程序会使它变慢。',
  facts: { browser: '浏览器', cores: '处理器核心数', gpu: 'WebGPU 适配器', isolated: '时钟精度' },
  unknown: '未告知',
  /** @param {string} name */
  emulated: (name) => `${name}（由 CPU 模拟）`,
  noAdapter: '无',
  /** @param {boolean} isolated */
  resolution: (isolated) => (isolated ? '0.005 毫秒' : '0.1 毫秒'),
  table: {
    caption: '各模型的耗时',
    network: '模型',
    first: '首次回答',
    median: '中位数',
    minimum: '最快',
    preparing: '预处理',
  },
  explained:
    '“首次回答”是从启动引擎到它给出第一个回答的时间，包括所需的下载；使用 WebGPU 时，CPU 会先回答，并会检查 WebGPU。“中位数”和“最快”是模型看一次照片所用的时间；“预处理”是在此之前的裁剪和缩小。',
  /** @param {number} time */
  milliseconds: (time) => `${time < 10 ? fine.format(time) : numbers.format(Math.round(time))} 毫秒`,
  /** @param {number} time */
  seconds: (time) => `${seconds.format(time / 1000)} 秒`,
  copyMarkdown: '复制为 Markdown',
  copyText: '复制为文本',
  copied: '已复制。',
  notCopied: '此浏览器不允许本页面复制。请直接选中表格。',
  /** @param {string} date @param {number} count @param {string} browser @param {string} cores @param {string} gpu */
  measured: (date, count, browser, cores, gpu) => `glimpse，${date}：每项 ${count} 个回答；浏览器：${browser}；处理器核心数：${cores}；WebGPU 适配器：${gpu}。`,
};
