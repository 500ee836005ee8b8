/*
 * What only the page says that classifies whole folders, in Chinese; `en.js` is its pattern.
 * `page` holds the texts of folder.html.
 */

const percents = new Intl.NumberFormat('zh', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const numbers = new Intl.NumberFormat('zh');
const lists = new Intl.ListFormat('zh', { type: 'conjunction' });

/** @param {number} count */
const photos = (count) => `${numbers.format(count)} 张照片`;

/** @type {import('./index.js').FolderWords} */
export default {
  page: {
    title: 'glimpse：整个文件夹的照片',
    description: '在浏览器中为整个文件夹的照片分类并导出表格。照片不会离开你的设备。',
    heading: '为整个文件夹分类。',
    lead: '拖入一个文件夹或多张照片，得到可筛选、排序和导出的答案表格。',
    noscript: '本页面在浏览器中运行神经网络，需要 JavaScript 和 WebAssembly。',
    photosHeading: '照片',
    tableHeading: '答案',
  },
  hint: '将文件夹或照片拖到本页任意位置，或拖入权重文件（.safetensors），由你自己的模型作答。',
  chooseFolder: '选择文件夹',
  chooseFiles: '选择照片',
  clear: '清空表格',
  /** @param {number} done @param {number} total */
  working: (done, total) => `${photos(total)}中的第 ${numbers.format(done)} 张`,
  cancel: '取消',
  /** @param {number} others */
  others: (others) => `略过了 ${numbers.format(others)} 个非图片文件。`,
  /** @param {readonly string[]} names @param {number} more */
  refused: (names, more) => `无法读取：${lists.format(more > 0 ? [...names, `另外 ${numbers.format(more)} 个`] : names)}。`,
  filter: '显示',
  all: '全部',
  /** @param {string} name @param {number} count */
  counted: (name, count) => `${name}（${numbers.format(count)}）`,
  sure: '确定',
  unsure: '不确定',
  none: '都不是',
  columns: { path: '照片', answer: '答案', probability: '概率', certainty: '是否确定' },
  /** @param {number} shown @param {number} total */
  shown: (shown, total) => `显示 ${numbers.format(shown)} / ${photos(total)}`,
  /** @param {number} first @param {number} last @param {number} total */
  range: (first, last, total) => `${photos(total)}中的第 ${numbers.format(first)} 至 ${numbers.format(last)} 张`,
  previous: '上一页',
  next: '下一页',
  classes: { caption: '各类别的数量', name: '类别', count: '照片', sure: '其中确定' },
  csv: '导出 CSV',
  json: '导出 JSON',
  close: '关闭',
  vocabulary: '换句话说',
  number: (/** @type {number} */ count) => numbers.format(count),
  percent: (/** @type {number} */ share) => percents.format(share),
};
