/** @import { BackendName, ModelId } from '../core/types.js' */
/** @import { Words } from './index.js' */

/*
 * The same in Chinese, simplified. 模型 is written for “network”, because 网络 alone is taken for the internet.
 */

const percents = new Intl.NumberFormat('zh', { style: 'percent', maximumFractionDigits: 1 });
const numbers = new Intl.NumberFormat('zh');
const signed = new Intl.NumberFormat('zh', { maximumSignificantDigits: 2, signDisplay: 'always' });
const compact = new Intl.NumberFormat('zh', { notation: 'compact', maximumSignificantDigits: 3 });
const megabytes = new Intl.NumberFormat('zh', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const times = new Intl.DateTimeFormat('zh-CN', { hour: '2-digit', minute: '2-digit', second: '2-digit', hour12: false });

/** @param {unknown} text what another part said, with or without its full stop */
const stop = (text) => String(text).replace(/[^.!?。！？]$/, '$&。');

/** @param {unknown} text the same, to stand within a sentence */
const unstop = (text) => String(text).replace(/[.。]$/, '');

/*
 * Latin letters and digits keep a space between themselves and Han characters.
 */

/** @param {string} text what follows a Han character */
const after = (text) => (/^\w/.test(text) ? ` ${text}` : text);

/** @param {string} text what a Han character follows */
const before = (text) => (/\w$/.test(text) ? `${text} ` : text);

/** @type {Record<BackendName, string>} */
const backends = { cpu: 'CPU', webgpu: 'WebGPU' };

/** @type {Record<ModelId, { name: string, goodFor: string } | undefined>} */
const models = {
  cifar10: { name: '小模型', goodFor: '下载快，适合主体占满画面的小图片' },
  photo: { name: '照片模型', goodFor: '适合日常照片，也能看出照片不属于任何类别' },
  own: { name: '自有模型', goodFor: '来自没有文件名的权重文件' },
};

/** @param {ModelId} model */
const modelName = (model) => models[model]?.name ?? model;

/** @type {Words} */
const words = {
  code: 'zh',

  page: {
    title: 'glimpse：这张照片里有什么？',
    description: '在浏览器里运行的图像分类器，使用 WebGPU 或 CPU。照片只留在你的设备上。',
    language: '语言',
    photo: '照片',
    answer: '答案',
    heading: '给它一张照片，它告诉你看到了什么。',
    lead: '用 Rust 编写的神经网络，直接在你的浏览器里运行。',
    privacy: '照片只留在这台设备上，不会上传任何内容。',
    drop: '把照片拖到这里',
    choose: '选择文件',
    paste: '或按 Ctrl+V 粘贴一张',
    another: '换一张照片',
    live: '使用摄像头',
    liveAgain: '回到实时画面',
    freeze: '定格',
    stop: '停止',
    camera: '摄像头',
    flip: '换另一个摄像头',
    mirror: '镜像显示',
    torch: '补光灯',
    smooth: '随时间平滑',
    samples: '或者试试这些',
    network: '模型',
    openWeights: '打开权重文件',
    runsOn: '运行方式',
    auto: '自动',
    webgpu: 'WebGPU',
    cpu: 'CPU',
    unready: '正在获取模型。浏览器需要支持 JavaScript 模块和 WebAssembly。',
    howHeading: '接下来会发生什么',
    how1: '浏览器解码照片，并把它转正。',
    how2: '照片缩小成一个方块，大小和模型训练时用的一样。你会看到这个方块。',
    how3: '模型衡量它认识的每个类别，没有把握时会直说。',
    how4: '小模型马上作答。照片模型下载好以后接手：它还能回答“其他（都不是）”，认识的名称也多得多。',
    seen: '模型看到的画面',
    askHeading: '问一个是非题',
    ask: '是不是',
    threshold: '回答“是”的门槛',
    bySource: '按图片来源',
    origin: '来源',
    precision: '精确率',
    recall: '召回率',
    pictures: '图片数',
    lookHeading: '怎么看照片',
    framing: '取景',
    crop: '居中裁剪',
    stretch: '整张照片，压成方形',
    enhance: '送入模型之前',
    contrast: '拉伸对比度',
    balance: '平衡色彩',
    denoise: '去除噪点',
    inside: '看看里面',
    aboutHeading: '关于这个模型',
    modelCard: '模型卡',
    docs: '放到你自己的网页里',
    bench: '在这台设备上有多快',
    credits: '示例图片的来源',
    notice: '照片模型建立在谁的成果之上',
    sources: '类别名称的来源',
    retry: '重试',
    update: '有新版本可用。',
    keep: '保存到这个浏览器',
    remove: '删除离线副本',
    install: '安装',
    sourceCode: '源代码',
    renew: '重新加载',
    noscript: '本页在浏览器里运行神经网络，为此需要 JavaScript 和 WebAssembly。',
  },

  nav: {
    label: '页面',
    pages: { ask: '提问', teach: '教学', folder: '整个文件夹' },
  },

  modelName,
  usual: (name) => `${name}（默认）`,

  names: 'zh',
  none: '其他（都不是）',
  // The English beside it, because a translated name alone often leaves open which thing is meant.
  named: (label, name) => (name ? `${name}${name.endsWith('）') ? '' : ' '}${label}` : label),
  thing: (label, name) => (name ? `${name.endsWith('）') ? `${name.slice(0, -1)}，` : `${name}（`}${label}）` : label),

  samples: {
    airplane: '一架飞机',
    automobile: '一辆小汽车',
    bird: '一只鸟',
    cat: '一只猫',
    deer: '一头鹿',
    dog: '一只狗',
    frog: '一只青蛙',
    horse: '一匹马',
    ship: '一艘船',
    truck: '一辆卡车',
  },

  percent(share) {
    if (share > 0 && share < 0.001) return '<0.1%';
    if (share < 1 && share > 0.999) return '>99.9%';
    return percents.format(share);
  },

  verdict: (thing, sure) => (sure ? `看起来是${after(thing)}。` : `不太确定，也许是${after(thing)}？`),

  noneOf: (classes) => `不是它认识的 ${numbers.format(classes)} 类中的任何一类`,

  verdictNone(classes, sure) {
    return `${sure ? '' : '不太确定，也许'}${this.noneOf(classes)}。`;
  },

  confidence(share, sure, knowsNone) {
    const percent = this.percent(share);
    if (sure) return `模型有 ${percent} 的把握。`;
    const only = `最可能的答案也只占 ${percent}。`;
    return knowsNone ? only : `${only}照片里也许没有它认识的东西。`;
  },

  specific(share, kind, kindShare) {
    return `模型有 ${this.percent(share)} 的把握；${kind}：${this.percent(kindShare)}。`;
  },

  instead(name, share, count) {
    return `在 ${numbers.format(count)} 个名称中，也许是“${name}”（${this.percent(share)}）。`;
  },

  wider: (count) => `在 ${numbers.format(count)} 个 ImageNet 名称中`,

  showAll: (count) => `显示全部 ${count} 个类别`,
  showTop: (count) => `只显示前 ${count} 个`,

  seenSize: (size) => `${size} × ${size} 像素`,

  seenAlt: (size) => `模型看到的照片，${size} × ${size} 像素`,

  timing(model, backend, preprocess, network) {
    const [before, within] = [preprocess, network].map(this.milliseconds);
    return `${modelName(model)}，在 ${backends[backend]} 上运行：准备照片 ${before}，模型计算 ${within}`;
  },

  milliseconds: (time) => `${time < 10 ? time.toFixed(1) : numbers.format(Math.round(time))} 毫秒`,

  remark({ choice, modelReason: { code, detail } }) {
    switch (code) {
      case 'coming':
        return `${before(modelName(choice))}正在下载，好了以后会重新作答。`;
      case 'failed':
        return `${before(modelName(choice))}无法使用（${unstop(detail)}）。`;
      default:
        return '';
    }
  },

  question: (thing) => `${thing}？`,
  yes: '是',
  no: '不是',
  answer(label, share, threshold) {
    const side = share >= threshold ? '达到了' : '低于';
    return `“${label}”占 ${this.percent(share)}，${side}你设的 ${this.percent(threshold)}。`;
  },
  edit: {
    label: '调整照片',
    turn: '旋转',
    crop: '裁剪',
    reset: '还原',
    use: '使用此部分',
    cancel: '取消',
    part: '要使用的部分：拖动画出，或用方向键移动，按住 Shift 和方向键调整大小。',
  },
  noPhotoYet: '先给它一张照片。',
  noClassChosen: '请选择要问的类别。',
  groups: { animal: '动物', vehicle: '交通工具' },
  oneOfSeveral: '其中之一……',
  severalClasses: '其中之一',
  list: (names) => names.join('、'),
  figuresAt({ precision, recall, f1, positives, pictures }) {
    return (
      `在这个门槛下，回答“是”的有 ${this.percent(precision)} 是对的（精确率），应当回答“是”的答对了 ${this.percent(recall)}（召回率），` +
      `F1 为 ${this.percent(f1)}。用 ${numbers.format(pictures)} 张没有学过的图片测得，其中 ${numbers.format(positives)} 张应当回答“是”。`
    );
  },
  neverYes: ({ pictures }) => `在这个门槛下，测试用的 ${numbers.format(pictures)} 张图片都不会得到“是”。`,
  curveOf: ({ pictures }) => `精确率（向上）与召回率（向右）的曲线，${numbers.format(pictures)} 张图片`,
  bestF1: 'F1 最高',
  withPrecision(share) {
    return `精确率 ${this.percent(share)}`;
  },

  disturbed: (name) => `${name}（受干扰）`,

  livePicture: '摄像头的实时画面',
  live: {
    starting: '正在等待摄像头。浏览器可能会询问是否允许本页使用它。',
    running: '摄像头已打开，画面只留在这台设备上。',
    paused: '看不到画面时，摄像头暂时关闭。',
    off: '摄像头已关闭。',
  },
  smoothed: (ms) =>
    `每个数值都是平均值：一帧画面的权重每过 ${numbers.format(ms / 1000)} 秒降到原来的 ${Math.round(100 * Math.exp(-1))}%（指数平滑，与帧率无关）。`,
  raw: '每一帧单独作答。',
  camera(label, facing, number) {
    const side = facing && { user: '前置', environment: '后置' }[facing];
    const name = label || `摄像头 ${number}`;
    return side && !name.includes(side) ? `${name}（${side}）` : name;
  },
  rate: (fps, ms) => `每秒 ${fps < 10 ? fps.toFixed(1) : Math.round(fps)} 帧，从取帧到作答 ${Math.round(ms)} 毫秒`,
  frozen: (time) => `摄像头，${times.format(time)}`,

  take: {
    copyText: '复制为文本',
    copyJson: '复制为 JSON',
    saveJson: '保存为 JSON',
    saveCard: '保存为图片',
    copied: '已复制。',
    refused: '浏览器不允许此页面复制。请改为保存成文件。',
    noPicture: '浏览器没有足够的空间生成图片。',
  },

  where: {
    show: '它看了哪里',
    looking: '正在查看它看了哪里……',
    failed: '这个模型和这张照片无法显示。',
    meaning: (picks) => `橙色的地方让模型更倾向这个答案，蓝色的地方让它想到别的。${picks ? '可以在上面另选一个名称。' : ''}`,
    covered: '逐处用灰色遮住：遮住橙色的地方，模型更不倾向这个答案；遮住蓝色的地方则相反。',
    opacity: '颜色的深浅',
    finer: '更细的位置',
    cover: '用遮挡来检验',
    cancel: '停止',
    savePicture: '把图保存为图片',
    saveNumbers: '保存数值',
    about: (name, score) => `它在哪里看到“${name}”（对数几率 ${score}）`,
  },
  signed: (number) => signed.format(number),

  photos: {
    label: '照片列表',
    away: '收起其他照片',
    waiting: '等待中',
    failed: '失败',
    nth: (place, name) => `第 ${place} 张：${name}`,
    answer: (name, sure) => `${name}${sure ? '' : '？'}`,
    note: ({ count, answered, failed, leftOut }) =>
      `${count} 张照片中已回答 ${answered} 张${failed ? `，${failed} 张无法作答` : ''}。` +
      (leftOut ? `另有 ${numbers.format(leftOut)} 张未收入：“整个文件夹”页面不限数量。` : ''),
  },

  photoAlt: (name) => `你的照片：${name}`,
  pasted: '粘贴的图片',
  shared: '分享的图片',

  megabytes: (bytes) => `${megabytes.format(bytes / 1e6)}\u00a0MB`, // which no line may part

  bytes(progress) {
    if (!progress) return '';
    const { loaded, total } = progress;
    return total === null ? this.megabytes(loaded) : `${megabytes.format(loaded / 1e6)} / ${this.megabytes(total)}`;
  },

  loading(progress) {
    const bytes = this.bytes(progress);
    return bytes ? `正在下载模型：${bytes}` : '正在启动模型……';
  },

  modelNote({ choice, model, modelReason: { code, detail }, size, loading, progress }) {
    switch (model && code) {
      case 'chosen':
        return `${models[choice]?.goodFor ?? modelName(choice)}${size === null ? '' : `（${this.megabytes(size)}）`}。`;
      case 'coming': {
        const bytes = loading?.model === choice && progress ? `（${this.bytes(progress)}）` : '';
        return `${before(modelName(choice))}正在下载${bytes}，在此之前由${before(after(modelName(model ?? choice)))}作答。`;
      }
      case 'failed':
        return `${before(modelName(choice))}无法使用（${unstop(detail)}），由${before(after(modelName(model ?? choice)))}作答。`;
      default:
        return '';
    }
  },

  backendNote(status, thread) {
    const here = thread === 'page' ? '无法启动后台线程，计算时页面可能会卡顿。' : '';
    return `${this.backendReason(status)}${here}`;
  },

  backendReason(status) {
    return `${this.backendCase(status)}${status.reason.again ? '稍后会再试。' : ''}`;
  },

  backendCase({ reason: { code, detail, facts = {} }, loading, progress }) {
    const said = detail ? `（${unstop(detail)}）` : '';
    const ms = (/** @type {number | undefined} */ time) => this.milliseconds(time ?? 0);
    switch (code) {
      case 'cpu-chosen':
        return 'CPU：你选的。';
      case 'cpu-meanwhile':
        return `暂用 CPU：WebGPU 版本正在准备${loading?.backend === 'webgpu' && progress ? `（${this.bytes(progress)}）` : ''}。`;
      case 'cpu-checking':
        return '暂用 CPU：正在试运行 WebGPU。';
      case 'cpu-faster':
        return `CPU：在这里比 WebGPU 快（每张图片 ${ms(facts.cpu)}，WebGPU 要 ${ms(facts.webgpu)}）。`;
      case 'webgpu-missing':
        return 'CPU：这个浏览器没有 WebGPU。';
      case 'webgpu-insecure':
        return 'CPU：浏览器只向 https 页面或本机页面提供 WebGPU。';
      case 'webgpu-no-adapter':
        return 'CPU：这个浏览器没有可用的 WebGPU 适配器。';
      case 'webgpu-no-timestamps':
        return 'CPU：这个 WebGPU 适配器缺少“timestamp-query”，没有它，模型的 GPU 代码在任何浏览器里都不能运行。';
      case 'webgpu-no-device':
        return `CPU：这个 WebGPU 适配器不提供设备${said}。`;
      case 'webgpu-wrong':
        return `CPU：WebGPU 在这台机器上算得不对（一张测试图片相差 ${this.percent(facts.difference ?? 1)}）。`;
      case 'webgpu-lost':
        return `CPU：GPU 断开了${said}。`;
      case 'gpu-download':
        return `CPU：无法下载 WebGPU 版本${said}。`;
      case 'gpu-silent':
        return 'CPU：WebGPU 没有响应了。';
      case 'gpu-failed':
        return `CPU：WebGPU 出错${said}。`;
      case 'gpu-faster':
        return `WebGPU：在这里比 CPU 快（每张图片 ${ms(facts.webgpu)}，CPU 要 ${ms(facts.cpu)}）。`;
      case 'gpu-chosen':
        return 'WebGPU：你选的。';
      case 'gpu-cpu-failed':
        return `WebGPU：无法启动 CPU 版本${said}。`;
      case 'loading':
        return '正在准备。';
      default:
        return '还没有运行。';
    }
  },

  failure({ code, facts }, name) {
    const said = facts.detail ? `浏览器的说明：“${facts.detail}”` : '';
    const photo = name ? `“${name}”` : '这张照片';
    switch (code) {
      case 'file-empty':
        return `${photo}是空文件，大小为 0 字节。请换一张照片。`;
      case 'file-unreadable':
        return `${photo}无法作为图片打开：文件已损坏，或者这个浏览器不支持这种格式。`;
      case 'file-kind':
        return `${photo}是 ${facts.kind} 文件，这个浏览器无法读取。请另存为 JPEG 或 PNG 再选择。`;
      case 'picture-too-large': {
        const million = (/** @type {unknown} */ pixels) => numbers.format(Math.round(Number(pixels) / 1e4));
        const { width, height, maxPixels } = facts;
        return (
          `${photo}太大：${numbers.format(Number(width))} × ${numbers.format(Number(height))} 共 ` +
          `${million(Number(width) * Number(height))} 万像素，最多只能有 ${million(maxPixels)} 万像素。`
        );
      }
      case 'canvas-refused':
        return `${photo}有 ${facts.width} × ${facts.height} 像素，这个浏览器放不下。`;
      case 'canvas-noise':
        return `为防止你被识别，这个浏览器交给网页的不是图片，而是噪点。${photo}不会离开这台设备：请允许本页读取图片（“画布数据”），然后再试一次。`;
      case 'photo-refused':
        return `无法对${photo}分类：${stop(facts.detail)}`;
      case 'crashed':
        return `模型处理${photo}时出错，已经重新启动。下一张照片可以正常处理。`;
      case 'stuck':
        return `模型计算了 ${facts.seconds} 秒还没有结束，已经重新启动。下一张照片可以正常处理。`;
      case 'webgpu-lost':
      case 'silent':
        return `WebGPU 没有响应，CPU 版本也无法使用。请重试。${said}`;
      case 'no-worker':
        return '这个浏览器不给本页后台线程；没有后台线程，另外运行的模型就无法结束。';
      case 'start-failed':
        return `模型无法启动。${said}`;
      case 'picture-elsewhere':
        return `那张图片在 ${facts.host} 上，而此页面不从其他网站获取内容。请先保存图片，再把文件拖到这里。`;
      case 'nothing-dropped':
        return '那不是图片文件。请从文件夹里拖一张照片过来，或先保存，再选择文件。';
      case 'nothing-pasted':
        return '粘贴的内容里没有图片。请复制图片本身，而不是它的地址或文件名，然后再粘贴。';
      case 'nothing-shared':
        return '分享的内容里没有图片。请分享一张图片，或在这里选择文件。';
      case 'shared-lost':
        return `浏览器在传递途中丢失了分享的图片，请在这里重新选择。${said}`;
      case 'wasm-missing':
        return '这个浏览器不支持 WebAssembly，或者已将它关闭，而模型需要它。';
      case 'wasm-refused':
        return `这个浏览器无法启动模型：它需要支持 SIMD 的 WebAssembly，目前的主流浏览器都支持。${said}`;
      case 'weights':
        return `无法下载模型的权重（${facts.detail}）。请检查网络连接后重试。`;
      case 'network-too-large':
        return `模型文件大于 ${facts.megabytes} MB，超过了本页可读取的大小。`;
      case 'network-refused':
        return `模型的权重无法使用：${stop(facts.detail)}`;
      case 'download-status':
        return `无法下载本页所需的 ${facts.file}：服务器返回 ${facts.status}。`;
      case 'download':
        return `无法下载本页所需的 ${facts.file}。请检查网络连接后重试。`;
      case 'camera-denied':
        return '浏览器已被设为不允许本页使用摄像头。请点击地址栏里的摄像头图标（或打开本页的网站设置），选择允许，然后重试。';
      case 'camera-dismissed':
        return '浏览器这次没有允许本页使用摄像头。请重试并选择允许；如果浏览器不再询问，请刷新页面。';
      case 'camera-system':
        return `系统的隐私设置不允许这个浏览器使用摄像头。请在系统设置中允许，然后重试。${said}`;
      case 'camera-forbidden':
        return '嵌入本页的网站不允许它使用摄像头。请在单独的标签页中打开本页，或改为选择照片。';
      case 'camera-missing':
        return '没有找到摄像头。请接上或打开摄像头，然后重试。';
      case 'camera-busy':
        return `摄像头无法启动，可能正被另一个程序占用。请关闭那个程序，然后重试。${said}`;
      case 'camera-insecure':
        return '浏览器只允许 https 页面或本机页面使用摄像头。请打开本页的 https 地址，或改为选择照片。';
      case 'camera-unsupported':
        return '这个浏览器不能让网页使用摄像头。请换一个浏览器，或改为选择照片。';
      case 'camera-failed':
        return `摄像头无法启动。${said}`;
      case 'camera-unplugged':
        return '摄像头断开了：它被拔掉，或被系统关闭。请重新接上，然后重试。';
      case 'camera-revoked':
        return '摄像头的使用权限被收回。请点击地址栏里的摄像头图标，重新允许，然后重试。';
      case 'camera-silent':
        return (
          (facts.seconds ? `摄像头已打开，但 ${facts.seconds} 秒内没有传来画面。` : '摄像头已打开，但画面没有开始。') +
          `请检查有没有镜头盖、开关或摄像头按键，然后重试。${said}`
        );
      case 'no-embedding':
        return '已加载的模型没有给出教学所需的特征。请重新加载页面。';
      case 'learner-refused':
        return `无法教学：${stop(facts.detail)}`;
      case 'learner-crashed':
        return `教学过程出错，已重新启动；你的照片都还在。${said}`;
      case 'storage-full':
        return '这个浏览器没有空间保存项目了。项目在这里可以继续使用，但没有保存：请导出为文件，或腾出空间后重试。';
      case 'storage-refused':
        return `这个浏览器不为本页保存任何内容，例如在隐私窗口中。${said}`;
      case 'archive-unreadable':
        return `${photo}无法作为项目打开：它不是 zip 文件，或者已损坏。`;
      case 'archive-empty':
        return `${photo}里没有装着图片的文件夹。`;
      case 'card-missing':
        return `没有可读的模型卡：缺少 ${facts.file}，它由 glimpse train 写在权重文件旁边。`;
      case 'card-unreadable':
        return `这不是 glimpse train 或 glimpse evaluate --card 写出的模型卡（${facts.detail}）。`;
      case 'card-newer':
        return '这张模型卡由比本页面更新的 glimpse 版本写成。';
      default:
        return `发生了意外错误。${said}`;
    }
  },

  keeping({ code, detail, bytes }) {
    switch (code) {
      case 'saving':
        return `需要联网使用：浏览器开启了省流量模式，保存本页要用 ${this.megabytes(bytes)}。`;
      case 'removed':
        return bytes > 0 ? `离线副本已删除，释放了 ${this.megabytes(bytes)}。` : '需要联网使用：你删除了离线副本。';
      case 'storing':
        return '正在保存到这个浏览器，以便离线使用……';
      case 'stored':
        return '已保存在这个浏览器里，离线也能使用。';
      case 'unsupported':
        return '需要联网使用：这个浏览器在这里不保存页面。';
      case 'no-room':
        return '需要联网使用：这个浏览器没有空间保存本页。';
      case 'changed':
        return `需要联网使用：服务器上的文件已有变动（${detail}）。`;
      case 'refused':
        return `需要联网使用：这个浏览器无法保存本页${detail ? `（${unstop(detail)}）` : ''}。`;
      default:
        return '';
    }
  },

  widget: {
    name: '图像分类器',
    paste: '或粘贴一张',
    asks: (thing) => `是不是${after(thing)}？`,
    because: (share, threshold) => `模型给它 ${share}；达到 ${threshold} 即回答“是”。`,
    unknownClasses: (names) => `模型没有叫这个名字的类别：${names.map((name) => `“${name}”`).join('、')}。`,
    noThreshold: '没有这样的门槛：权重文件不知道任何留出的图片，或者没有合适的门槛。',
    given: '这张图片',

    failure({ code, facts }, name) {
      const picture = name ? `“${name}”` : '这张图片';
      switch (code) {
        case 'picture-status':
          return `无法下载${picture}：服务器返回 ${facts.status}。`;
        case 'picture-fetch':
          return `无法下载${picture}：它不存在，网络连接已断开，或者它的服务器不允许其他网站读取（CORS）。`;
        case 'picture-address':
          return `“${facts.address}”不是图片的地址。`;
        case 'picture-tainted':
          return `${picture}所在的服务器不允许其他网站读取（CORS），所以只能显示，不能分类。`;
        case 'picture-missing':
          return `${picture}没有像素：尚未加载完，或者已损坏。`;
        case 'picture-unknown':
          return `这不是图片：${unstop(facts.detail)}。`;
        default:
          return null;
      }
    },
  },

  about: (name) => `关于这个模型：${name}`,

  knows: (classes) => `它认识 ${numbers.format(classes)} 类事物${classes > 20 ? '。' : '：'}`,

  beyond(none, names) {
    if (names === 0) return none ? '如果都不是，它也会说出来。' : '即使都不是，它也会从中给出一个名称。';
    const more = `另外 ${numbers.format(names)} 个 ImageNet 名称，并同时加以衡量。`;
    return none ? `如果都不是，它也会说出来。它还认识${more}` : `它还认识${more}`;
  },

  unseen({ right, pictures, sources, interval }) {
    const [low, high] = [interval.low, interval.high].map((end) => this.percent(end));
    return `${this.percent(right / pictures)}（${sources > 1 ? `${sources} 个来源的 ` : ''}${numbers.format(pictures)} 张，${low} 至 ${high}）`;
  },

  facts(info, size) {
    const { provenance, preprocessing } = info;
    /** @type {[string, string | null][]} */
    const facts = [
      ['结构', info.architecture],
      ['参数', compact.format(info.parameters).replace(/(?<=\d)(?=\p{Script=Han})/u, ' ')],
      ['文件', size === null ? null : this.megabytes(size)],
      ['输入', `${preprocessing.input_size} × ${preprocessing.input_size} 像素，缩放方式为 ${preprocessing.filter}`],
      ['训练数据', provenance.data],
      ['训练', `${numbers.format(provenance.epochs)} 轮，种子 ${provenance.seed}，${provenance.trained}`],
      ['未见过的测试图片的正确率', provenance.test_accuracy === null ? null : this.percent(provenance.test_accuracy)],
      ['训练时没有用过的照片的正确率', info.unseen ? this.unseen(info.unseen) : null],
      ['验证图片的正确率', provenance.validation_accuracy === null ? null : this.percent(provenance.validation_accuracy)],
      ['低于此值时说“不太确定”', this.percent(info.not_sure_below)],
      ['训练所用的提交', provenance.commit],
    ];
    return facts.filter(/** @returns {fact is [string, string]} */ (fact) => !!fact[1]);
  },
};

export default words;
