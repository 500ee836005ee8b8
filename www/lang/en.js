/** @import { BackendName, Info, Progress, Reason, Status } from '../types.js' */
/** @import { Failure } from '../failure.js' */

/*
 * Every sentence of the page, in English. A translation is a copy of this file: `page` holds the text of the elements
 * marked with `data-word` in index.html, the rest is asked for by the code.
 */

const percents = new Intl.NumberFormat('en', { style: 'percent', maximumFractionDigits: 1 });
const numbers = new Intl.NumberFormat('en');
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });
const megabytes = new Intl.NumberFormat('en', { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** @param {unknown} text what another part said, with or without its full stop */
const stop = (text) => String(text).replace(/[^.!?]$/, '$&.');

/** @type {Record<BackendName, string>} */
const backends = { cpu: 'CPU', webgpu: 'WebGPU' };

export default {
  code: 'en',

  page: {
    heading: 'Show it a photo. It tells you what it sees.',
    lead: 'A small neural network, written in Rust, runs right here in your browser.',
    privacy: 'Your photos stay on this device: nothing is uploaded.',
    drop: 'Drop a photo here',
    choose: 'Choose a file',
    paste: 'or paste one with Ctrl+V',
    another: 'Choose another photo',
    samples: 'Or try one of these',
    runsOn: 'Runs on',
    auto: 'Automatic',
    webgpu: 'WebGPU',
    cpu: 'CPU',
    unready: 'The network is being fetched. It needs a browser with JavaScript modules and WebAssembly.',
    howHeading: 'What will happen',
    how1: 'Your browser decodes the photo and turns it the right way up.',
    how2: 'The photo shrinks to the tiny square of pixels that the network was trained on. You will see that square.',
    how3: 'The network weighs up every class that it knows, and says so when it isn’t sure.',
    seen: 'What the network sees',
    askHeading: 'Ask yes or no',
    ask: 'Is it',
    threshold: 'Say yes from',
    lookHeading: 'How it looks',
    framing: 'Framing',
    crop: 'Centre crop',
    squash: 'Whole photo, squashed',
    enhance: 'Before the network',
    contrast: 'Stretch the contrast',
    balance: 'Balance the colours',
    denoise: 'Remove noise',
    aboutHeading: 'About this network',
    credits: 'Where the sample pictures come from',
    retry: 'Try again',
    noscript: 'This page runs a neural network in your browser, and for that it needs JavaScript and WebAssembly.',
  },

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

  /** @param {string} label */
  withArticle(label) {
    return `${/^[aeiou]/i.test(label) ? 'an' : 'a'} ${label}`;
  },

  /**
   * @param {string} label
   * @param {boolean} sure
   */
  verdict(label, sure) {
    const thing = this.withArticle(label);
    return sure ? `It looks like ${thing}.` : `Not sure. Perhaps ${thing}?`;
  },

  /**
   * @param {number} share
   * @param {boolean} sure
   */
  confidence(share, sure) {
    const percent = this.percent(share);
    return sure
      ? `The network is ${percent} sure.`
      : `Its best guess gets only ${percent}. Perhaps the photo shows none of the things that it knows.`;
  },

  /** @param {number} count */
  showAll: (count) => `Show all ${count} classes`,
  /** @param {number} count */
  showTop: (count) => `Show the top ${count} only`,

  /** @param {number} size */
  seenSize: (size) => `${size} × ${size} pixels`,

  /** @param {number} size */
  seenAlt: (size) => `The photo as the network sees it, ${size} by ${size} pixels`,

  /**
   * @param {BackendName} backend
   * @param {number} preprocess
   * @param {number} network
   */
  timing(backend, preprocess, network) {
    const [all, before, within] = [preprocess + network, preprocess, network].map((ms) => `${ms < 10 ? ms.toFixed(1) : Math.round(ms)} ms`);
    return `${backends[backend]}, ${all}: ${before} to prepare the photo, ${within} in the network`;
  },

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
  noPhotoYet: 'Show it a photo first.',

  /** @param {string} name */
  photoAlt: (name) => `Your photo: ${name}`,
  pasted: 'the pasted picture',

  /** @param {Progress | null} progress */
  bytes(progress) {
    if (!progress) return '';
    const loaded = megabytes.format(progress.loaded / 1e6);
    return progress.total === null ? `${loaded} MB` : `${loaded} of ${megabytes.format(progress.total / 1e6)} MB`;
  },

  /** @param {Progress | null} progress */
  loading(progress) {
    const bytes = this.bytes(progress);
    return bytes ? `Fetching the network: ${bytes}` : 'Starting the network…';
  },

  /** @param {Status} status */
  backendNote({ reason, progress }) {
    const { code, detail } = /** @type {Reason} */ (reason);
    const said = detail ? ` (${detail})` : '';
    switch (code) {
      case 'cpu-chosen':
        return 'CPU: you chose it.';
      case 'cpu-meanwhile':
        return `CPU for now: the WebGPU version is getting ready${progress ? ` (${this.bytes(progress)})` : ''}.`;
      case 'webgpu-missing':
        return 'CPU: this browser has no WebGPU.';
      case 'webgpu-insecure':
        return 'CPU: browsers offer WebGPU only to pages served over https or from this computer.';
      case 'webgpu-no-adapter':
        return 'CPU: this browser offers no WebGPU adapter.';
      case 'webgpu-no-timestamps':
        return 'CPU: this WebGPU adapter lacks “timestamp-query”, which the network’s GPU code needs.';
      case 'gpu-download':
        return `CPU: the WebGPU version could not be fetched${said}.`;
      case 'gpu-silent':
        return 'CPU: WebGPU stopped answering.';
      case 'gpu-failed':
        return `CPU: WebGPU failed${said}.`;
      case 'gpu-works':
        return 'WebGPU: this browser has it and it works.';
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
    switch (code) {
      case 'file-empty':
        return `${photo} is an empty file: it has 0 bytes. Please choose another photo.`;
      case 'file-unreadable':
        return `${photo} could not be opened as a picture. It is damaged, or of a kind that this browser can’t read.`;
      case 'picture-too-large': {
        const million = (/** @type {unknown} */ pixels) => numbers.format(Math.round(Number(pixels) / 1e6));
        const { width, height, maxPixels } = facts;
        return (
          `${photo} is too large: ${numbers.format(Number(width))} × ${numbers.format(Number(height))} is ` +
          `${million(Number(width) * Number(height))} million pixels, and at most ${million(maxPixels)} million fit.`
        );
      }
      case 'canvas-refused':
        return `This browser has no room for ${photo}, which has ${facts.width} × ${facts.height} pixels.`;
      case 'photo-refused':
        return `${photo} could not be classified: ${stop(facts.detail)}`;
      case 'crashed':
        return `The network stumbled over ${photo} and has been started again. The next photo will work.`;
      case 'start-failed':
        return `The network could not be started.${said}`;
      case 'nothing-dropped':
        return 'That was no picture file. Drag a photo from a folder, or save it first and choose the file.';
      case 'nothing-pasted':
        return 'There was no picture in what you pasted. Copy a picture, not its address or file name, and paste again.';
      case 'wasm-missing':
        return 'This browser can’t run WebAssembly, or it has been switched off, and the network needs it.';
      case 'wasm-refused':
        return `This browser could not start the network: it needs WebAssembly with SIMD, as every current browser has.${said}`;
      case 'weights':
        return `The network’s weights could not be fetched (${facts.detail}). Please check the connection and try again.`;
      case 'network-refused':
        return `The network’s weights can’t be used: ${stop(facts.detail)}`;
      case 'download-status':
        return `A part of this page, ${facts.file}, could not be fetched: the server answered ${facts.status}.`;
      case 'download':
        return `A part of this page, ${facts.file}, could not be fetched. Check the connection and try again.`;
      default:
        return `Something unexpected went wrong.${said}`;
    }
  },

  /** @param {Info} info */
  knows({ classes }) {
    return `It knows ${numbers.format(classes.length)} kinds of things${classes.length > 20 ? '.' : ':'}`;
  },

  /**
   * @param {Info} info
   * @returns {[string, string][]}
   */
  facts(info) {
    const { provenance, preprocessing } = info;
    /** @type {[string, string | null][]} */
    const facts = [
      ['Architecture', info.architecture],
      ['Parameters', compact.format(info.parameters)],
      ['Input', `${preprocessing.input_size} × ${preprocessing.input_size} pixels, resized with ${preprocessing.filter}`],
      ['Trained on', provenance.data],
      ['Training', `${numbers.format(provenance.epochs)} epochs, seed ${provenance.seed}, ${provenance.trained}`],
      ['Right on unseen test pictures', provenance.test_accuracy === null ? null : this.percent(provenance.test_accuracy)],
      ['Right on validation pictures', provenance.validation_accuracy === null ? null : this.percent(provenance.validation_accuracy)],
      ['Says “not sure” below', this.percent(info.not_sure_below)],
      ['Trained with commit', provenance.commit],
    ];
    return facts.filter(/** @returns {fact is [string, string]} */ (fact) => !!fact[1]);
  },
};
