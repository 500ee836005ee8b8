/** @import { InsideWords } from './index.js' */

const numbers = new Intl.NumberFormat('zh', { maximumFractionDigits: 1 });
const two = new Intl.NumberFormat('zh', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const values = { format: (/** @type {number} */ value) => two.format(value).replace('-', '−') };
const compact = new Intl.NumberFormat('zh', { notation: 'compact', maximumSignificantDigits: 3 });

/** @type {Record<string, (strength: number) => string>} */
const amounts = {
  rotation: (strength) => `${numbers.format(strength)}°`,
  blur: (strength) => `${numbers.format(strength)} 像素`,
  dark: (strength) => `${numbers.format(strength)}%`,
  cast: (strength) => `${numbers.format(strength)}%`,
  noise: (strength) => `${numbers.format(strength)} 级`,
  jpeg: (strength) => (strength === 0 ? '无' : `质量 ${Math.max(1, Math.round(100 - strength))}`),
};

/** @type {InsideWords} */
const words = {
  views: { preprocessing: '预处理', compare: '比较模型' },
  noPhoto: '先给它一张照片，或定格实时画面：照片经历了什么，在这里看。',
  cancel: '取消',
  progress: (done, total) => `第 ${done} 项，共 ${total} 项`,
  answer: '答案',
  said: (name, percent) => `${name}，${percent}`,

  stages: {
    heading: '逐步查看',
    why: '模型从不直接看原照片：照片先被裁剪、缩成小方块，再变成数字；每张图下方的曲线统计暗像素（左）和亮像素（右）有多少。',
    options: '可选的步骤',
    denoise: '一、去掉噪点',
    colour_balance: '二、色彩调匀',
    contrast: '三、对比度拉满',
    framing: '看哪一部分',
    usual: '与训练时相同',
    crop: '中间的方块',
    stretch: '整张压成方形',
    look: (look, looks) => `第 ${look} 次看，共 ${looks} 次：模型把两次的结果取平均`,
    names: {
      crop: '取景',
      resize: '缩放',
      denoise: '噪点已去除',
      colour_balance: '色彩已平衡',
      contrast: '对比度已拉伸',
      normalise: '变成数字',
    },
    part: (part, whole) => `看到 ${whole.join(' × ')} 像素中的 ${part.join(' × ')}。`,
    square: (side) => `${side} × ${side} 像素。`,
    tensor: (side, low, high, folded) =>
      `3 × ${side} × ${side} 个数字，从 ${values.format(low)} 到 ${values.format(high)}。${folded ? '这个模型在第一层里自己完成平移和缩放。' : ''}`,
    channels: { red: '红', green: '绿', blue: '蓝', luminance: '亮度', before: '之前的亮度' },
    histogram: (name, [red, green, blue, luminance]) => `直方图：${name}。平均值：红 ${red}，绿 ${green}，蓝 ${blue}，亮度 ${luminance}。`,
    mean: (value) => values.format(value),
    picture: (name) => `这一步之后的图像：${name}`,
    save: '把各步骤存成图片',
  },

  table: {
    heading: '打开和关闭步骤',
    why: '同一张照片，用每一种方式来准备：答案不同的地方，就是预处理起了决定作用。',
    run: '每种方式都试',
    way: '准备方式',
    share: (name) => `“${name}”的概率`,
    ways: {
      none: '不做任何步骤',
      'only-denoise': '只去除噪点',
      'only-colour_balance': '只平衡色彩',
      'only-contrast': '只拉伸对比度',
      'without-denoise': '除去噪点外全做',
      'without-colour_balance': '除平衡色彩外全做',
      'without-contrast': '除拉伸对比度外全做',
      all: '做全部步骤',
      crop: '中间的方块',
      stretch: '整张压成方形',
    },
    usual: (way) => `${way}（与训练时相同）`,
    save: '把各方式存成 JSON',
  },

  disturb: {
    heading: '直到答错',
    why: '把照片弄得越来越差，看答案何时出错：这说明模型靠什么来判断。',
    names: { rotation: '旋转', blur: '模糊', dark: '变暗', cast: '橙色灯光', noise: '噪点', jpeg: 'JPEG 压缩' },
    amount: (name, strength) => amounts[name]?.(strength) ?? numbers.format(strength),
    reduced: (longest) => `在此之前，照片先缩小到最多 ${longest} 像素，这样同样的强度对每张照片都一样。`,
    picture: '受干扰的照片',
    reset: '全部撤销',
    use: '把它作为照片',
    curveOf: '画哪条曲线',
    run: '画出曲线',
    curveWhy: '照片受干扰越多（向右），一个类别的概率（向上）是多少；在虚线以上，模型有把握。',
    another: (disturbance, amount, name) => `${disturbance}（${amount}）：从这里起答案变了，成为“${name}”。`,
    unsure: (disturbance, amount) => `${disturbance}（${amount}）：从这里起模型不再有把握。`,
    holds: (disturbance) => `${disturbance}：答案到最后都没有变。`,
    alt: (disturbance, names) => `${names.map((name) => `“${name}”`).join('和')}的概率随“${disturbance}”的变化`,
    threshold: '从这里起有把握',
    numbers: '曲线的数字',
    strength: '强度',
    savePicture: '把曲线存成图片',
    saveNumbers: '把曲线存成 JSON',
  },

  compare: {
    heading: '同一张照片，每个模型',
    why: '同一张照片，给本页认识的每个模型看：更大的模型认识得更多，下载和作答也更久。',
    run: '全都问一遍',
    working: (name) => `正在加载并计时：${name}`,
    noWorker: '这个浏览器不给本页后台线程，所以容不下第二个模型。',
    time: (count) => `每张照片的时间（${count} 次的中位数）`,
    runsOn: '运行于',
    file: '文件大小',
    parameters: '参数',
    input: '输入',
    classes: '类别',
    beyond: '类别以外的名称',
    count: (count) => compact.format(count),
    size: (side, looks) => `${side} × ${side} 像素${looks > 1 ? `，看 ${looks} 次` : ''}`,
    savePicture: '把比较存成图片',
    saveNumbers: '把比较存成 JSON',
  },
};

export default words;
