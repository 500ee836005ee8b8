/** @import { TeachWords } from './index.js' */

/*
 * The same in Chinese, simplified.
 */

const percents = new Intl.NumberFormat('zh', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const numbers = new Intl.NumberFormat('zh');
const lists = new Intl.ListFormat('zh', { type: 'conjunction' });

/** @param {number} count */
const photos = (count) => `${numbers.format(count)} 张照片`;

/** @param {string} name */
const quoted = (name) => `“${name}”`;

/** @type {TeachWords} */
const words = {
  page: {
    title: 'glimpse：教它认识你自己的类别',
    description: '在浏览器里，用每类几张照片教图像分类器认识你自己的类别。照片只留在你的设备上。',
    heading: '教它认识你自己的类别。',
    lead: '每类几张照片就够了，一边添加一边作答。也可以先拖入一堆照片，让它分组。',
    noscript: '本页在浏览器里教神经网络，为此需要 JavaScript 和 WebAssembly。',
    classesHeading: '类别',
    tryHeading: '试一试',
    reportHeading: '它有多好？',
    groupHeading: '给没有整理过的照片分组',
    keepHeading: '保存，带走',
  },

  photos,
  quoted,
  close: '关闭',
  remove: '移除',

  classes: {
    hint: '把照片或整个文件夹拖到这里：每个文件夹成为一个类别。也可以先建一个空类别。',
    add: '添加类别',
    folder: '选择文件夹',
    unnamed: (number) => `类别 ${number}`,
    name: '类别名称',
    card: (name) => `类别${quoted(name)}`,
    enabled: '参与教学',
    choose: '添加照片',
    record: '按住录制',
    recordCounted: '录制',
    recordStop: '停止录制',
    countdown: (seconds) => `${seconds} 秒后开始……`,
    recording: (count) => `正在录制：${photos(count)}`,
    removeClass: '移除类别',
    confirmRemoval: (name, count) => `移除${quoted(name)}和其中的 ${photos(count)}？`,
    empty: '把照片拖到这里、粘贴，或录制几张。',
    of: (action, name) => `${action}：${name}`,
    nameEmpty: '类别需要一个名称。',
    nameTaken: (name) => `已经有类别${quoted(name)}了。`,
    interval: '拍摄间隔',
    seconds: (seconds) => `${numbers.format(seconds)} 秒`,
    delay: '开始',
    atOnce: '立即，按住期间录制',
    after: (seconds) => `${seconds} 秒后，直到再次按下`,
    recorderHeading: '录制',
  },

  progress: {
    looking: (done, total) => `正在查看照片：第 ${numbers.format(done)} 张，共 ${numbers.format(total)} 张`,
    cancel: '停止',
    refused(names, more) {
      const all = more > 0 ? [...names, `另外 ${numbers.format(more)} 个`] : names;
      return `无法读取，已略过：${lists.format(all)}。其余的都已添加。`;
    },
    dismiss: '知道了',
  },

  picture: {
    heading: '照片',
    move: '移到',
    moveNow: '移动',
    unsorted: '没有类别（等待分组）',
    guess: (guess) => `模型自己的叫法：${quoted(guess)}`,
    hint: '在列表里：方向键逐张移动，回车键打开，删除键移除。也可以把照片拖到别的类别。',
  },

  answer: {
    lacksAll: '有两个类别、各有一张照片，它就能作答。',
    lacksOne: (name) => `它目前只认识${quoted(name)}。再添加一个类别，它才能区分。`,
    learning: '正在学习……',
    paste: '或按 Ctrl+V 粘贴一张',
    verdict: (name, sure) => (sure ? `看起来是${quoted(name)}。` : `不太确定，也许是${quoted(name)}？`),
    none: '都不是。',
    confidence: (share) => `概率为 ${share}。`,
    noneOption: '可以回答“都不是”',
    taught: (count) => `用 ${photos(count)}教过。`,
  },

  report: {
    lacks: '有两个类别、其中一个有两张照片，这里就会显示它答对的比例。',
    accuracy: (right, total, accuracy, low, high) =>
      `没有用来教它的 ${photos(total)}里，它答对了 ${numbers.format(right)} 张：${percents.format(accuracy)}（95% 置信区间 ${percents.format(low)} 到 ${percents.format(high)}）。`,
    copies: (copies) => `${photos(copies)}几乎是另一张的副本，合并计算，因为副本不能用来检验。`,
    how: '每张照片都由用其他所有照片教出的分类器作答（留一法）。',
    helps: (name, recall) => `再给${quoted(name)}添加一张照片最有帮助：它的照片答对了 ${percents.format(recall)}。`,
    helpsFew: (name) => `再给${quoted(name)}添加一张照片最有帮助：现有的照片还无法检验它。`,
    alike: (one, other) => `${quoted(one)}和${quoted(other)}里是同样的照片，无法区分。`,
    table: '每个类别的数据',
    class: '类别',
    count: '照片数',
    precision: '精确率',
    recall: '召回率',
    f1: 'F1',
    share: (share) => (share === null ? '–' : percents.format(share)),
    confusion: '混淆矩阵',
    confusionHint: '行是真实类别，列是答案。点数字可以看到照片。',
    none: '都不是',
    cell: (truth, answer, count) => `${quoted(truth)}答成${quoted(answer)}：${photos(count)}`,
    suspicious: '放错类别了吗？',
    suspiciousHint: '这些照片更像另一个类别。请看一看，把放错的移走。',
    suspect: (truth, answer) => `在${quoted(truth)}里，看起来像${quoted(answer)}`,
    moveTo: (answer) => `移到${quoted(answer)}`,
  },

  group: {
    hint: '把照片或文件夹拖到这里，最多几千张。它们按内容分组；给一组起个名称，它就成为类别。',
    choose: '选择照片',
    folder: '选择装照片的文件夹',
    waiting: (count) => `${photos(count)}没有类别。`,
    group: '分组',
    grouping: '正在分组……',
    slider: '组数',
    chosen: (groups, suggested) => (groups === suggested ? `${groups}（建议）` : `${groups}（建议：${suggested}）`),
    row: (number, count) => `第 ${number} 组：${photos(count)}`,
    name: '组的名称',
    make: '设为类别',
    map: '显示地图',
    mapping: '正在绘制地图……',
    mapAlt: (count) => `${photos(count)}的地图：相像的靠在一起。各行里是同样的照片。`,
    unnamed: (number) => `第 ${number} 组`,
    clear: '移除这些照片',
  },

  keep: {
    projectName: '项目名称',
    unnamed: '我的类别',
    keep: '把项目保存在这个浏览器里',
    keepHint: '保存的是小图和模型提取的特征，不是完整照片。下次打开时还在；不会上传任何内容。',
    kept: (persistent) => (persistent ? '已保存。浏览器承诺不会自行删除。' : '已保存。浏览器空间不足时可能会删除。'),
    keeping: '正在保存……',
    reopened: (count) => `之前保存在这里的项目已重新打开：${photos(count)}。`,
    exportProject: '导出项目文件（.zip）',
    importProject: '打开项目文件',
    importHint: '项目文件里的小图放在 train/<class>/ 下，`glimpse train` 也能读取。装着图片文件夹的其他 zip 文件也能打开。',
    replace: (name) => `用${quoted(name)}替换这里的内容？`,
    clear: '重新开始',
    confirmClear: '移除所有类别和照片？',
    weights: '教学成果，供网页和终端使用',
    whole: '权重文件',
    wholeHint: '可以单独使用，几兆字节。',
    head: '只要分类头',
    headHint: '几千字节；使用时会另外下载照片模型。',
    lacks: '有两个类别、各有一张照片，就会有权重文件。',
    snippet: '把文件放在你的网页旁边，并在网页里写上：',
    copy: '复制代码',
    copied: '已复制。',
    copyFailed: '浏览器不允许本页复制。请选中代码自己复制。',
  },
};

export default words;
