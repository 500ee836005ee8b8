/** @import { Accuracy, AtThreshold, BackendName, Facing, LiveState, ModelId, NetworkFacts, Progress, Status, Thread } from '../core/types.js' */
/** @import { Failure } from '../core/errors.js' */
/** @import { Keeping } from '../pwa/scope.js' */

/*
 * Every sentence of the page, in English. A translation is a copy of this file: `page` holds the texts of index.html,
 * which names them with `data-word` and the like (see `ui/static-text.js`), the rest is asked for by the code.
 */

const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const numbers = new Intl.NumberFormat('en');
const signed = new Intl.NumberFormat('en', { maximumSignificantDigits: 2, signDisplay: 'always' });
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const megabytes = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

const times = new Intl.DateTimeFormat('en-GB', { hour: '2-digit', minute: '2-digit', second: '2-digit' });

/** @param {unknown} text what another part said, with or without its full stop */
const stop = (text) => String(text).replace(/[^.!?]$/, '$&.');

/** @param {unknown} text the same, to stand within a sentence */
const unstop = (text) => String(text).replace(/\.$/, '');

/** @param {string} text */
const capital = (text) => text.charAt(0).toUpperCase() + text.slice(1);

/** @type {Record<BackendName, string>} */
const backends = { cpu: 'CPU', webgpu: 'WebGPU' };

/** @type {Record<ModelId, { name: string, goodFor: string } | undefined>} */
const models = {
  cifar10: { name: 'Small network', goodFor: 'Quick to fetch, for small pictures of one thing that fills the frame' },
  photo: { name: 'Photo network', goodFor: 'For everyday photos; also says when it is none of its classes' },
  own: { name: 'Own network', goodFor: 'From a weights file without a name' },
};

/** @param {ModelId} model one that is not listed is called what its file is called */
const modelName = (model) => models[model]?.name ?? model;

/** @param {ModelId} model as it stands within a sentence */
const the = (model) => (models[model] ? `the ${modelName(model).toLowerCase()}` : modelName(model));

/** Names of several things, or of something that nobody counts: there is no “a” before them. */
const uncounted = new Set([
  ...['binoculars', 'dark glasses', 'jeans', 'pajamas', 'parallel bars', 'sunglasses', 'swimming trunks'],
  ...['broccoli', 'carbonara', 'chain mail', 'chocolate sauce', 'consommé', 'corn', 'dough', 'eggnog', 'face powder'],
  ...['guacamole', 'hair spray', 'hay', 'ice cream', 'lotion', 'mashed potato', 'perfume', 'rapeseed', 'red wine'],
  ...['sunscreen', 'toilet tissue', 'velvet', 'wool'],
]);

/** What sounds as if it began with a vowel: an hourglass, but a unicycle, a European, a one-piece. */
const vowel = /^(?:hour|(?!eu|one\b|uni[^mn])[aeiou])/i;

export default {
  code: 'en',

  page: {
    title: 'glimpse: what is in this photo?',
    description: 'An image classifier that runs in your browser, on WebGPU or the CPU. Photos stay on your device.',
    language: 'Language',
    photo: 'Photo',
    answer: 'Answer',
    heading: 'Show it a photo. It tells you what it sees.',
    lead: 'Neural networks, written in Rust, run right here in your browser.',
    privacy: 'Your photos stay on this device: nothing is uploaded.',
    drop: 'Drop a photo here',
    choose: 'Choose a file',
    paste: 'or paste one with Ctrl+V',
    another: 'Choose another photo',
    live: 'Use the camera',
    liveAgain: 'Back to live',
    freeze: 'Freeze',
    stop: 'Stop',
    camera: 'Camera',
    flip: 'Other camera',
    mirror: 'Mirrored',
    torch: 'Light',
    smooth: 'Smoothed over time',
    samples: 'Or try one of these',
    network: 'Network',
    openWeights: 'Open a weights file',
    runsOn: 'Runs on',
    auto: 'Automatic',
    webgpu: 'WebGPU',
    cpu: 'CPU',
    unready: 'The network is being fetched. It needs a browser with JavaScript modules and WebAssembly.',
    howHeading: 'What will happen',
    how1: 'Your browser decodes the photo and turns it the right way up.',
    how2: 'The photo shrinks to the square of pixels that the network was trained on. You will see that square.',
    how3: 'The network weighs up every class that it knows, and says so when it isn’t sure.',
    how4: 'A small network answers at once. The photo network takes over when it has been fetched: it can also say “none of these”, and knows many more names.',
    seen: 'What the network sees',
    askHeading: 'Ask yes or no',
    ask: 'Is it',
    threshold: 'Say yes from',
    bySource: 'By where the pictures come from',
    origin: 'Source',
    precision: 'Precision',
    recall: 'Recall',
    pictures: 'Pictures',
    lookHeading: 'How it looks',
    framing: 'Framing',
    crop: 'Centre crop',
    stretch: 'Whole photo, squashed',
    enhance: 'Before the network',
    contrast: 'Stretch the contrast',
    balance: 'Balance the colours',
    denoise: 'Remove noise',
    inside: 'See inside',
    aboutHeading: 'About this network',
    modelCard: 'Model card',
    docs: 'Put it into your own page',
    bench: 'How fast it is on this machine',
    credits: 'Where the sample pictures come from',
    notice: 'Whose work the photo network builds on',
    sources: 'Where the class names come from',
    retry: 'Try again',
    update: 'A new version is here.',
    renew: 'Reload',
    keep: 'Keep it in this browser',
    remove: 'Remove the offline copy',
    install: 'Install',
    sourceCode: 'Source code',
    noscript: 'This page runs neural networks in your browser, and for that it needs JavaScript and WebAssembly.',
  },

  /** The way between the pages of the site. */
  nav: {
    label: 'Pages',
    pages: { ask: 'Ask', teach: 'Teach', folder: 'Whole folder' },
  },

  modelName,
  /** @param {string} name */
  usual: (name) => `${name} (default)`,

  /**
   * The column of the tables in `i18n/tables/` that has this language's class names; English ones are in the weights files.
   * @type {string | null}
   */
  names: null,
  /** The class that means none of the others. */
  none: 'none of these',
  /**
   * A class by its name: in a list, or between quotation marks.
   * @param {string} label its English name
   * @param {string} [_name] its name in this language, where the tables have one
   */
  named: (label, _name) => label,
  /**
   * A class as it stands within a sentence.
   * @param {string} label
   * @param {string} [_name]
   */
  thing: (label, _name) => (uncounted.has(label) ? label : `${vowel.test(label) ? 'an' : 'a'} ${label}`),

  samples: {
    airplane: 'An aeroplane',
    automobile: 'A car',
    bird: 'A bird',
    cat: 'A cat',
    deer: 'A deer',
    dog: 'A dog',
    frog: 'A frog',
    horse: 'A horse',
    ship: 'A ship',
    truck: 'A truck',
  },

  /** @param {number} share */
  percent(share) {
    if (share > 0 && share < 0.001) return '<0.1%';
    if (share < 1 && share > 0.999) return '>99.9%';
    return percents.format(share);
  },

  /**
   * @param {string} thing as it stands within a sentence
   * @param {boolean} sure
   */
  verdict: (thing, sure) => (sure ? `It looks like ${thing}.` : `Not sure. Perhaps ${thing}?`),

  /** @param {number} classes */
  noneOf: (classes) => `none of its ${numbers.format(classes)} classes`,

  /**
   * @param {number} classes
   * @param {boolean} sure
   */
  verdictNone(classes, sure) {
    const none = this.noneOf(classes);
    return sure ? `${capital(none)}.` : `Not sure. Perhaps ${none}.`;
  },

  /**
   * @param {number} share
   * @param {boolean} sure
   * @param {boolean} knowsNone whether the network could have said that it is none of its classes
   */
  confidence(share, sure, knowsNone) {
    const percent = this.percent(share);
    if (sure) return `The network is ${percent} sure.`;
    const only = `Its best guess gets only ${percent}.`;
    return knowsNone ? only : `${only} Perhaps the photo shows none of the things that it knows.`;
  },

  /**
   * Under a verdict that says more than the class.
   * @param {number} share that of what the verdict says
   * @param {string} kind the class as it stands within a sentence, or `noneOf`
   * @param {number} kindShare
   */
  specific(share, kind, kindShare) {
    return `The network is ${this.percent(share)} sure, and ${this.percent(kindShare)} sure that it is ${kind}.`;
  },

  /**
   * @param {string} name
   * @param {number} share
   * @param {number} count
   */
  instead(name, share, count) {
    return `Among ${numbers.format(count)} names: perhaps “${name}” (${this.percent(share)}).`;
  },

  /** @param {number} count */
  wider: (count) => `Among ${numbers.format(count)} ImageNet names`,

  /** @param {number} count */
  showAll: (count) => `Show all ${count} classes`,
  /** @param {number} count */
  showTop: (count) => `Show the top ${count} only`,

  /** @param {number} size */
  seenSize: (size) => `${size} × ${size} pixels`,

  /** @param {number} size */
  seenAlt: (size) => `The photo as the network sees it, ${size} by ${size} pixels`,

  /**
   * @param {ModelId} model
   * @param {BackendName} backend
   * @param {number} preprocess
   * @param {number} network
   */
  timing(model, backend, preprocess, network) {
    const [before, within] = [preprocess, network].map(this.milliseconds);
    return `${modelName(model)} on ${backends[backend]}: ${before} to prepare the photo, ${within} in the network`;
  },

  /** @param {number} time */
  milliseconds: (time) => `${time < 10 ? time.toFixed(1) : numbers.format(Math.round(time))} ms`,

  /**
   * Under an answer that another network gave than the one asked for.
   * @param {Status} status
   */
  remark({ choice, modelReason: { code, detail } }) {
    switch (code) {
      case 'coming':
        return `${capital(the(choice))} is on its way and will answer again.`;
      case 'failed':
        return `${capital(the(choice))} can’t be used (${unstop(detail)}).`;
      default:
        return '';
    }
  },

  /** @param {string} thing what somebody may ask for, after “Is it” */
  question: (thing) => `${thing}?`,
  yes: 'Yes',
  no: 'No',
  /**
   * @param {string} label
   * @param {number} share
   * @param {number} threshold
   */
  answer(label, share, threshold) {
    const side = share >= threshold ? 'reaches' : 'is under';
    return `${this.percent(share)} for ${label} ${side} your ${this.percent(threshold)}.`;
  },
  edit: {
    label: 'Change the photo',
    turn: 'Turn',
    crop: 'Crop',
    reset: 'As it was',
    use: 'Use this part',
    cancel: 'Cancel',
    part: 'The part of the photo that is used: draw it, or move it with the arrow keys and resize it with Shift and the arrow keys.',
  },
  noPhotoYet: 'Show it a photo first.',
  noClassChosen: 'Choose what to ask for.',
  groups: { animal: 'an animal', vehicle: 'a vehicle' },
  oneOfSeveral: 'one of several…',
  severalClasses: 'One of these',
  /** @param {readonly string[]} names */
  list: (names) => new Intl.ListFormat('en', { type: 'disjunction' }).format(names),
  /** @param {AtThreshold} at */
  figuresAt({ precision, recall, f1, positives, pictures }) {
    return (
      `From here on ${this.percent(precision)} of its yeses are right (precision), and it says yes to ${this.percent(recall)} ` +
      `of what deserves it (recall); F1 is ${this.percent(f1)}. ` +
      `Measured on ${numbers.format(pictures)} pictures that it had not learnt from; yes is right for ${numbers.format(positives)} of them.`
    );
  },
  /** @param {AtThreshold} any */
  neverYes: ({ pictures }) => `From here on it said yes to none of the ${numbers.format(pictures)} pictures that it was measured on.`,
  /** @param {AtThreshold} any */
  curveOf: ({ pictures }) => `Precision, upwards, over recall, to the right, on ${numbers.format(pictures)} pictures`,
  bestF1: 'Best F1',
  /** @param {number} share */
  withPrecision(share) {
    return `${this.percent(share)} precision`;
  },

  /** @param {string} name of a photo that has been made worse */
  disturbed: (name) => `${name}, disturbed`,

  livePicture: 'The live picture of the camera',
  /** @type {Record<LiveState, string>} */
  live: {
    starting: 'Waiting for the camera. Your browser may ask whether this page may use it.',
    running: 'The camera is on. Its pictures stay on this device.',
    paused: 'The camera is off for as long as nobody can see its picture.',
    off: 'The camera is off.',
  },
  /** @param {number} ms */
  smoothed: (ms) =>
    `Each share is an average in which a picture keeps ${Math.round(100 * Math.exp(-1))}% of its weight after ${numbers.format(ms / 1000)} s, and so on (exponential, whatever the frame rate).`,
  raw: 'Each picture is answered by itself.',
  /**
   * @param {string} label what the browser calls it
   * @param {Facing | null} facing
   * @param {number} number
   */
  camera(label, facing, number) {
    const side = facing && { user: 'front', environment: 'back' }[facing];
    const name = label || `Camera ${number}`;
    return side && !name.toLowerCase().includes(side) ? `${name} (${side})` : name;
  },
  /**
   * @param {number} fps
   * @param {number} ms
   */
  rate: (fps, ms) => `${fps < 10 ? fps.toFixed(1) : Math.round(fps)} frames per second, ${Math.round(ms)} ms from a frame to its answer`,
  /** @param {Date} time */
  frozen: (time) => `Camera, ${times.format(time)}`,

  /** An answer that is taken along. */
  take: {
    copyText: 'Copy as text',
    copyJson: 'Copy as JSON',
    saveJson: 'Save as JSON',
    saveCard: 'Save as a picture',
    copied: 'Copied.',
    refused: 'This browser doesn’t let the page copy. Save it as a file instead.',
    noPicture: 'This browser has no room for the picture.',
  },

  /** Where the network looked. */
  where: {
    show: 'Where it looked',
    looking: 'Finding out where it looked …',
    failed: 'This can’t be shown for this network and this photo.',
    /** @param {boolean} picks whether another name can be picked */
    meaning: (picks) => `Orange places made the network think of this, blue ones made it think of something else.${picks ? ' Pick another name above.' : ''}`,
    covered: 'Each place was covered with grey: without the orange ones the network thinks less of this, without the blue ones more.',
    opacity: 'Strength of the colours',
    finer: 'Finer places',
    cover: 'Check by covering places',
    cancel: 'Stop',
    savePicture: 'Save the map as a picture',
    saveNumbers: 'Save its numbers',
    about: (/** @type {string} */ name, /** @type {string} */ score) => `Where it saw “${name}” (log-odds ${score})`,
  },
  signed: (/** @type {number} */ number) => signed.format(number),

  /** Several photos at once: the strip of them. */
  photos: {
    label: 'Photos',
    away: 'Put the others away',
    waiting: 'waiting',
    failed: 'failed',
    /**
     * @param {number} place from 1 on
     * @param {string} name
     */
    nth: (place, name) => `${place}: ${name}`,
    /**
     * @param {string} name a class
     * @param {boolean} sure
     */
    answer: (name, sure) => `${name}${sure ? '' : '?'}`,
    /** @param {{ count: number, answered: number, failed: number, leftOut: number }} counts */
    note: ({ count, answered, failed, leftOut }) =>
      `${answered} of ${count} photos answered${failed ? `; ${failed} can’t be` : ''}.` +
      (leftOut ? ` ${numbers.format(leftOut)} more were left out: ‘Whole folder’ takes any number.` : ''),
  },

  /** @param {string} name */
  photoAlt: (name) => `Your photo: ${name}`,
  pasted: 'the pasted picture',
  shared: 'the shared picture',

  /** @param {number} bytes */
  megabytes: (bytes) => `${megabytes.format(bytes / 1e6)} MB`,

  /** @param {Progress | null} progress */
  bytes(progress) {
    if (!progress) return '';
    const { loaded, total } = progress;
    return total === null ? this.megabytes(loaded) : `${megabytes.format(loaded / 1e6)} of ${this.megabytes(total)}`;
  },

  /** @param {Progress | null} progress */
  loading(progress) {
    const bytes = this.bytes(progress);
    return bytes ? `Fetching the network: ${bytes}` : 'Starting the network…';
  },

  /**
   * Which network answers, and why that one.
   * @param {Status} status
   */
  modelNote({ choice, model, modelReason: { code, detail }, size, loading, progress }) {
    switch (model && code) {
      case 'chosen':
        return `${models[choice]?.goodFor ?? modelName(choice)}${size === null ? '' : ` (${this.megabytes(size)})`}.`;
      case 'coming': {
        const bytes = loading?.model === choice && progress ? ` (${this.bytes(progress)})` : '';
        return `${capital(the(choice))} is on its way${bytes}. Until then ${the(model ?? choice)} answers.`;
      }
      case 'failed':
        return `${capital(the(choice))} can’t be used (${unstop(detail)}). ${capital(the(model ?? choice))} answers.`;
      default:
        return '';
    }
  },

  /**
   * @param {Status} status
   * @param {Thread | null} thread
   */
  backendNote(status, thread) {
    const here = thread === 'page' ? ' No worker could be started, so the page may stutter while it computes.' : '';
    return `${this.backendReason(status)}${here}`;
  },

  /** @param {Status} status */
  backendReason(status) {
    return `${this.backendCase(status)}${status.reason.again ? ' It will be tried again.' : ''}`;
  },

  /** @param {Status} status */
  backendCase({ reason: { code, detail, facts = {} }, loading, progress }) {
    const said = detail ? ` (${unstop(detail)})` : '';
    const ms = (/** @type {number | undefined} */ time) => this.milliseconds(time ?? 0);
    switch (code) {
      case 'cpu-chosen':
        return 'CPU: you chose it.';
      case 'cpu-meanwhile':
        return `CPU for now: the WebGPU version is getting ready${loading?.backend === 'webgpu' && progress ? ` (${this.bytes(progress)})` : ''}.`;
      case 'cpu-checking':
        return 'CPU for now: WebGPU is on trial.';
      case 'cpu-faster':
        return `CPU: faster here than WebGPU (${ms(facts.cpu)} against ${ms(facts.webgpu)} for a picture).`;
      case 'webgpu-missing':
        return 'CPU: this browser has no WebGPU.';
      case 'webgpu-insecure':
        return 'CPU: browsers offer WebGPU only to pages served over https or from this computer.';
      case 'webgpu-no-adapter':
        return 'CPU: this browser offers no WebGPU adapter.';
      case 'webgpu-no-timestamps':
        return 'CPU: this WebGPU adapter lacks “timestamp-query”, without which the network’s GPU code can’t run in any browser.';
      case 'webgpu-no-device':
        return `CPU: this WebGPU adapter gives no device${said}.`;
      case 'webgpu-wrong':
        return `CPU: WebGPU computes wrongly on this machine (off by ${this.percent(facts.difference ?? 1)} in a test picture).`;
      case 'webgpu-lost':
        return `CPU: the GPU went away${said}.`;
      case 'gpu-download':
        return `CPU: the WebGPU version could not be fetched${said}.`;
      case 'gpu-silent':
        return 'CPU: WebGPU stopped answering.';
      case 'gpu-failed':
        return `CPU: WebGPU failed${said}.`;
      case 'gpu-faster':
        return `WebGPU: faster here than the CPU (${ms(facts.webgpu)} against ${ms(facts.cpu)} for a picture).`;
      case 'gpu-chosen':
        return 'WebGPU: you chose it.';
      case 'gpu-cpu-failed':
        return `WebGPU: the CPU version could not be started${said}.`;
      case 'loading':
        return 'Getting ready.';
      default:
        return 'Nothing runs yet.';
    }
  },

  /**
   * @param {Failure} failure
   * @param {string} name the photo's name, where it is about one
   */
  failure({ code, facts }, name) {
    const said = facts.detail ? ` The browser says: “${facts.detail}”` : '';
    const photo = name ? `“${name}”` : 'This photo';
    const within = name ? `“${name}”` : 'this picture';
    switch (code) {
      case 'file-empty':
        return `${photo} is an empty file: it has 0 bytes. Please choose another photo.`;
      case 'file-unreadable':
        return `${photo} could not be opened as a picture. It is damaged, or of a kind that this browser can’t read.`;
      case 'file-kind':
        return `${photo} is ${/^(?:AVIF|SVG)$/.test(String(facts.kind)) ? 'an' : 'a'} ${facts.kind} file, which this browser can’t read. Save it as JPEG or PNG, and choose that.`;
      case 'picture-too-large': {
        const million = (/** @type {unknown} */ pixels) => numbers.format(Math.round(Number(pixels) / 1e6));
        const { width, height, maxPixels } = facts;
        return (
          `${photo} is too large: ${numbers.format(Number(width))} × ${numbers.format(Number(height))} is ` +
          `${million(Number(width) * Number(height))} million pixels, and at most ${million(maxPixels)} million fit.`
        );
      }
      case 'canvas-refused':
        return `This browser has no room for ${within}, which has ${facts.width} × ${facts.height} pixels.`;
      case 'canvas-noise':
        return `This browser gives pages noise in place of pictures, to protect you from being recognised. ${photo} never leaves this device: allow this page to read pictures (“canvas data”), and try again.`;
      case 'photo-refused':
        return `${photo} could not be classified: ${stop(facts.detail)}`;
      case 'crashed':
        return `The network stumbled over ${within} and has been started again. The next photo will work.`;
      case 'stuck':
        return `The network computed for ${facts.seconds} seconds without coming to an end, and has been started again. The next photo will work.`;
      case 'webgpu-lost':
      case 'silent':
        return `WebGPU stopped answering, and the CPU version can’t be used either. Please try again.${said}`;
      case 'no-worker':
        return 'This browser grants the page no worker, and a network that runs beside others could not be ended without one.';
      case 'start-failed':
        return `The network could not be started.${said}`;
      case 'picture-elsewhere':
        return `That picture lies on ${facts.host}, and this page fetches nothing from other sites. Save the picture first, then drop the file here.`;
      case 'nothing-dropped':
        return 'That was no picture file. Drag a photo from a folder, or save it first and choose the file.';
      case 'nothing-pasted':
        return 'There was no picture in what you pasted. Copy a picture, not its address or file name, and paste again.';
      case 'nothing-shared':
        return 'There was no picture in what was shared. Share a picture, or choose a file here.';
      case 'shared-lost':
        return `This browser lost the shared picture on its way. Please choose it here instead.${said}`;
      case 'wasm-missing':
        return 'This browser can’t run WebAssembly, or it has been switched off, and the network needs it.';
      case 'wasm-refused':
        return `This browser could not start the network: it needs WebAssembly with SIMD, as every current browser has.${said}`;
      case 'weights':
        return `The network’s weights could not be fetched (${facts.detail}). Please check the connection and try again.`;
      case 'network-too-large':
        return `The network’s file is larger than ${facts.megabytes} MB, which is more than this page reads.`;
      case 'network-refused':
        return `The network’s weights can’t be used: ${stop(facts.detail)}`;
      case 'download-status':
        return `A part of this page, ${facts.file}, could not be fetched: the server answered ${facts.status}.`;
      case 'download':
        return `A part of this page, ${facts.file}, could not be fetched. Check the connection and try again.`;
      case 'camera-denied':
        return 'Your browser was told not to let this page use the camera. Click the camera symbol in the address bar (or open the page’s settings there), allow it, and try again.';
      case 'camera-dismissed':
        return 'Your browser didn’t let this page use the camera this time. Try again and allow it; if it doesn’t ask any more, reload the page.';
      case 'camera-system':
        return `The system’s privacy settings don’t let this browser use the camera. Allow it there, and try again.${said}`;
      case 'camera-forbidden':
        return 'The site that this page is part of doesn’t let it use the camera. Open the page in a tab of its own, or choose a photo instead.';
      case 'camera-missing':
        return 'No camera was found. Plug one in or switch it on, and try again.';
      case 'camera-busy':
        return `The camera can’t be started: another program may be using it. Close that one, and try again.${said}`;
      case 'camera-insecure':
        return 'Browsers lend the camera only to pages served over https or from this computer. Open this page’s https address, or choose a photo instead.';
      case 'camera-unsupported':
        return 'This browser can’t lend its camera to pages. Try another browser, or choose a photo instead.';
      case 'camera-failed':
        return `The camera could not be started.${said}`;
      case 'camera-unplugged':
        return 'The camera is gone: it was unplugged, or the system has switched it off. Plug it in, and try again.';
      case 'camera-revoked':
        return 'The permission to use the camera was taken back. Allow it again with the camera symbol in the address bar, and try again.';
      case 'camera-silent':
        return (
          (facts.seconds ? `The camera is on, but no picture has come for ${facts.seconds} seconds.` : 'The camera is on, but its picture doesn’t start.') +
          ` Look for a cover, a switch or a camera key, and try again.${said}`
        );
      case 'no-embedding':
        return 'The network that has been loaded tells nothing that classes could be taught with. Please reload the page.';
      case 'learner-refused':
        return `That can’t be taught: ${stop(facts.detail)}`;
      case 'learner-crashed':
        return `Teaching stumbled and has been started again; your photos are still here.${said}`;
      case 'storage-full':
        return 'This browser has no more room for the project. It goes on working here, but isn’t kept: export it as a file, or make room and try again.';
      case 'storage-refused':
        return `This browser keeps nothing for this page, as in a private window.${said}`;
      case 'archive-unreadable':
        return `${photo} could not be opened as a project: it is no zip file, or damaged.`;
      case 'archive-empty':
        return `${photo} holds no folders with pictures.`;
      case 'card-missing':
        return `There is no model card to be read: ${facts.file}, which ‘glimpse train’ writes beside the weights file, is missing.`;
      case 'card-unreadable':
        return `That is no model card as ‘glimpse train’ and ‘glimpse evaluate --card’ write it (${facts.detail}).`;
      case 'card-newer':
        return 'This model card was written by a newer version of glimpse than this page is of.';
      default:
        return `Something unexpected went wrong.${said}`;
    }
  },

  /**
   * Whether the page works without a network, and why not.
   * @param {Keeping} keeping
   */
  keeping({ code, detail, bytes }) {
    switch (code) {
      case 'saving':
        return `It needs a network: your browser saves data, and keeping it would take ${this.megabytes(bytes)}.`;
      case 'removed':
        return bytes > 0 ? `The offline copy is gone, ${this.megabytes(bytes)} are free again.` : 'It needs a network: you have removed the offline copy.';
      case 'storing':
        return 'Being kept in this browser, to work without a network…';
      case 'stored':
        return 'Kept in this browser: it works without a network, too.';
      case 'unsupported':
        return 'It needs a network: this browser keeps no pages here.';
      case 'no-room':
        return 'It needs a network: this browser has no room to keep it.';
      case 'changed':
        return `It needs a network: the server has changed meanwhile (${detail}).`;
      case 'refused':
        return `It needs a network: this browser could not keep it${detail ? ` (${unstop(detail)})` : ''}.`;
      default:
        return '';
    }
  },

  /** The tag that others put into their pages (`element/`); what it has in common with this page is above. */
  widget: {
    name: 'Image classifier',
    paste: 'or paste one',
    /** @param {string} thing */
    asks: (thing) => `Is it ${thing}?`,
    /** @param {string} share @param {string} threshold */
    because: (share, threshold) => `The network gives it ${share}; from ${threshold} on the answer is yes.`,
    /** @param {readonly string[]} names */
    unknownClasses: (names) => `The network knows no class of this name: ${names.map((name) => `“${name}”`).join(', ')}.`,
    noThreshold: 'There is no such threshold: the weights file knows no pictures held out, or none that would do.',
    given: 'the picture',

    /**
     * What goes wrong only with pictures that a page hands over or names; for the rest, null.
     * @param {Failure} failure
     * @param {string} name
     */
    failure({ code, facts }, name) {
      const picture = name ? `“${name}”` : 'The picture';
      switch (code) {
        case 'picture-status':
          return `${picture} could not be fetched: the server answered ${facts.status}.`;
        case 'picture-fetch':
          return `${picture} could not be fetched: it is missing, the connection is down, or its server doesn’t let other sites read it (CORS).`;
        case 'picture-address':
          return `“${facts.address}” is no address of a picture.`;
        case 'picture-tainted':
          return `${picture} comes from a server that doesn’t let other sites read it (CORS), so it can be shown but not classified.`;
        case 'picture-missing':
          return `${picture} has no pixels: it has not been loaded yet, or it is damaged.`;
        case 'picture-unknown':
          return `That is no picture: ${facts.detail}.`;
        default:
          return null;
      }
    },
  },

  /** @param {string} name */
  about: (name) => `About this network: the ${name.toLowerCase()}`,

  /** @param {number} classes */
  knows: (classes) => `It knows ${numbers.format(classes)} kinds of things${classes > 20 ? '.' : ':'}`,

  /**
   * @param {boolean} none whether it can say that it is none of its classes
   * @param {number} names how many names it knows beside its classes
   */
  beyond(none, names) {
    if (names === 0) return none ? 'It also says when it is none of these.' : 'What is none of these gets one of their names all the same.';
    const more = `${numbers.format(names)} ImageNet names, which it weighs up beside them.`;
    return none ? `It also says when it is none of these, and knows ${more}` : `It also knows ${more}`;
  },

  /** @param {Accuracy} accuracy */
  unseen({ right, pictures, sources, interval }) {
    const [low, high] = [interval.low, interval.high].map((end) => this.percent(end));
    return `${this.percent(right / pictures)} of ${numbers.format(pictures)}${sources > 1 ? ` from ${sources} collections` : ''} (${low} to ${high})`;
  },

  /**
   * @param {NetworkFacts} info
   * @param {number | null} size
   * @returns {[string, string][]}
   */
  facts(info, size) {
    const { provenance, preprocessing } = info;
    /** @type {[string, string | null][]} */
    const facts = [
      ['Architecture', info.architecture],
      ['Parameters', compact.format(info.parameters)],
      ['File', size === null ? null : this.megabytes(size)],
      ['Input', `${preprocessing.input_size} × ${preprocessing.input_size} pixels, resized with ${preprocessing.filter}`],
      ['Trained on', provenance.data],
      ['Training', `${numbers.format(provenance.epochs)} epochs, seed ${provenance.seed}, ${provenance.trained}`],
      ['Right on unseen test pictures', provenance.test_accuracy === null ? null : this.percent(provenance.test_accuracy)],
      ['Right on pictures held out', info.unseen ? this.unseen(info.unseen) : null],
      ['Right on validation pictures', provenance.validation_accuracy === null ? null : this.percent(provenance.validation_accuracy)],
      ['Says “not sure” below', this.percent(info.not_sure_below)],
      ['Trained with commit', provenance.commit],
    ];
    return facts.filter(/** @returns {fact is [string, string]} */ (fact) => !!fact[1]);
  },
};
