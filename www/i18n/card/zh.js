/** @import { Binding, On } from '../../card/types.js' */

/*
 * What only the page says that shows model cards, in Chinese; `en.js` is its pattern.
 * `page` holds the texts of card.html.
 */

const percents = new Intl.NumberFormat('zh', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const numbers = new Intl.NumberFormat('zh');
const compact = new Intl.NumberFormat('zh', { notation: 'compact', maximumSignificantDigits: 3 });
const digits = new Intl.NumberFormat('zh', { minimumFractionDigits: 3, maximumFractionDigits: 3 });

/** @param {number} share */
const percent = (share) => percents.format(share);

/** @param {number} count */
const pictures = (count) => `${numbers.format(count)} 张图片`;

/** @type {import('./index.js').CardWords} */
export default {
  page: {
    title: 'glimpse：模型卡',
    description: 'glimpse 的模型有多好：带置信区间的指标、可靠性、混淆矩阵和训练曲线，并与权重文件绑定。',
    heading: '它有多准？',
    lead: '模型卡：测量了什么，用的是哪些图片。',
    noscript: '本页面绘制测量结果，需要 JavaScript。',
    networkHeading: '模型',
    measuredHeading: '指标',
    reliabilityHeading: '可靠性',
    classesHeading: '各类别',
    confusionHeading: '混淆矩阵',
    trainingHeading: '训练过程',
    comparisonHeading: '与其他方法比较',
  },
  open: '打开权重文件及其模型卡',
  hint: '将权重文件（.safetensors）及其模型卡（.json）拖到本页任意位置，即可查看你自己的模型。',
  loading: '正在获取模型卡。',
  /** @param {Binding} binding @param {string} file @param {string} digest */
  binding(binding, file, digest) {
    switch (binding) {
      case 'matches':
        return `模型卡与权重文件相符：文件的 SHA-256 正是 ${file} 的模型卡上所写的（${digest}…）。`;
      case 'differs':
        return `模型卡与权重文件不符：模型卡属于 SHA-256 为 ${digest}… 的 ${file}，而权重文件的校验和不同。这些数据与它无关。`;
      case 'no-file':
        return `这是 ${file} 的模型卡。请一并打开权重文件，以查看两者是否相符。`;
      case 'unreachable':
        return `无法检查模型卡是否属于该权重文件：读不到 ${file}。`;
      case 'insecure':
        return '无法检查模型卡是否属于该权重文件：浏览器只在通过 https 或来自本机的页面中计算校验和。';
      default:
        return `正在检查模型卡是否属于 ${file}。`;
    }
  },
  cardOf: '模型卡写于',
  on: '测量所用图片',
  /** @param {On} on @param {string | null} source @param {number} count */
  measured(on, source, count) {
    const kinds = { test: '测试图片', validation: '验证图片', 'left-out': '留出的来源', 'held-out': '留出的图片' };
    return `${kinds[on]}${source === null ? '' : `：${source}`}（${numbers.format(count)}）`;
  },
  /** @param {On} on */
  about(on) {
    switch (on) {
      case 'test':
        return '选择模型时没有用到的图片。';
      case 'validation':
        return '模型没有学过的图片；温度和阈值据此拟合。';
      case 'left-out':
        return '各个图片来源，每个都由在其余来源上训练的分类头作答；温度和阈值据此拟合。';
      default:
        return '模型没有学过的图片，依据权重文件保存的答案，每个占一字节；温度和阈值据此拟合。';
    }
  },
  nothingMeasured: '没有在任何图片上做过测量。',
  figure: '指标',
  value: '数值',
  interval: '95% 置信区间',
  /** @param {number} low @param {number} high */
  between: (low, high) => `${percent(low)} 至 ${percent(high)}`,
  figures: {
    accuracy: '准确率',
    top5: '前五准确率',
    precision: '精确率（各类平均）',
    recall: '召回率（各类平均）',
    f1: '各类平均的 F1',
    coverage: '覆盖率：有把握的答案',
    selective: '选择性准确率：有把握的答案中正确的',
    wrong: '有把握却答错',
    loss: '负对数似然（奈特）',
    calibration: '期望校准误差',
    known: '除“都不是”外，各类图片中说对的',
    none: '“都不是”的图片中说对的',
    auroc: '“都不是”的 AUROC',
    unknown: '对不属于任何已知类别的图片有把握',
  },
  asTable: '以表格显示',
  /** @param {number} count @param {number} error */
  reliabilityOf: (count, error) => `${pictures(count)}上，答案正确的比例（向上）与把握程度（向右）；校准误差 ${percent(error)}`,
  reliabilityHint: '虚线表示：有 80% 把握的答案，十次中有八次正确。每个点是一组答案，竖线是 95% 置信区间。',
  sureness: '把握程度',
  mean: '平均',
  rightShare: '正确',
  pictures: '图片',
  class: '类别',
  precision: '精确率',
  recall: '召回率',
  f1: 'F1',
  confusionHint: '左侧是图片的真实类别，上方是模型的回答。用指针选择一格，或用方向键和回车键选择。',
  isCalled: '真实类别、回答',
  /** @param {string} is @param {string} called @param {number} count @param {number} of */
  cell: (is, called, count, of) =>
    of === 0 ? `这里没有“${is}”的图片。` : `${pictures(of)}属于“${is}”，其中 ${numbers.format(count)} 张（${percent(count / of)}）被说成“${called}”。`,
  /** @param {number} classes */
  tooMany: (classes) => `类别多达 ${numbers.format(classes)} 个，无法画成矩阵；模型卡的 JSON 里有。`,
  noTraining: '每一轮的训练情况不详：训练时模型卡还不记录这些，或者它是一次求解得出的。',
  loss: '损失',
  accuracy: '准确率',
  epoch: '轮次',
  training: '训练',
  validation: '验证',
  /** @param {string} what @param {number} epochs */
  curveOf: (what, epochs) => `${what}（向上）随 ${numbers.format(epochs)} 轮训练（向右）的变化`,
  /** @param {number} epoch */
  best: (epoch) => `权重取自第 ${numbers.format(epoch)} 轮，即在验证图片上最好的一轮。`,
  comparisonHint: '每种方法都用同样的图片学习，并在另一批同样的图片上测量。使用单个处理器的单个线程；时间和大小以少为佳。',
  columns: {
    method: '方法',
    accuracy: '准确率',
    interval: '95% 置信区间',
    f1: 'F1',
    parameters: '参数',
    multiply_adds: '乘加次数',
    bytes: '文件',
    milliseconds: '每张图片',
    training_seconds: '训练',
  },
  /** @param {number} seconds */
  duration: (seconds) => (seconds < 120 ? `${numbers.format(Math.round(seconds))} 秒` : `${numbers.format(Math.round(seconds / 60))} 分钟`),
  number: (/** @type {number} */ count) => numbers.format(count),
  short: (/** @type {number} */ count) => compact.format(count),
  digits: (/** @type {number} */ value) => digits.format(value),
  percent,
};
