/*
 * What only the panel says that shows what a network does inside, in English; what the page says anyway is in `../en.js`.
 */

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const two = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const values = { format: (/** @type {number} */ value) => two.format(value).replace('-', '−') };
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** @type {Record<string, (strength: number) => string>} */
const amounts = {
  rotation: (strength) => `${numbers.format(strength)}°`,
  blur: (strength) => `${numbers.format(strength)} px`,
  dark: (strength) => `${numbers.format(strength)}%`,
  cast: (strength) => `${numbers.format(strength)}%`,
  noise: (strength) => `${numbers.format(strength)} levels`,
  jpeg: (strength) => (strength === 0 ? 'none' : `quality ${Math.max(1, Math.round(100 - strength))}`),
};

export default {
  views: { preprocessing: 'Preprocessing', compare: 'Compare networks' },
  noPhoto: 'Show it a photo first, or freeze the live picture: what becomes of it is seen here.',
  cancel: 'Cancel',
  /** @param {number} done @param {number} total */
  progress: (done, total) => `${done} of ${total}`,
  answer: 'Answer',
  /** @param {string} name @param {string} percent */
  said: (name, percent) => `${name}, ${percent}`,

  stages: {
    heading: 'Step by step',
    why: 'A network never sees a photo as it is: the photo is cut, shrunk to a small square and turned into numbers, and the curves under each picture count its dark pixels (left) and its bright ones (right).',
    options: 'Steps that can be taken',
    denoise: '1. Noise out',
    colour_balance: '2. Colours in balance',
    contrast: '3. Contrast to the full',
    framing: 'What is seen',
    usual: 'As the network was trained',
    crop: 'The square in the middle',
    stretch: 'All of it, squashed',
    /** @param {number} look @param {number} looks */
    look: (look, looks) => `Look ${look} of ${looks}: what the network makes of them is averaged`,
    names: {
      crop: 'Framing',
      resize: 'Resizing',
      denoise: 'Noise removed',
      colour_balance: 'Colours balanced',
      contrast: 'Contrast stretched',
      normalise: 'In numbers',
    },
    /** @param {readonly [number, number]} part @param {readonly [number, number]} whole */
    part: (part, whole) => `${part.join(' × ')} of ${whole.join(' × ')} pixels are seen.`,
    /** @param {number} side */
    square: (side) => `${side} × ${side} pixels.`,
    /** @param {number} side @param {number} low @param {number} high @param {boolean} folded */
    tensor: (side, low, high, folded) =>
      `3 × ${side} × ${side} numbers, from ${values.format(low)} to ${values.format(high)}.${folded ? ' This network shifts and scales them in its first layer.' : ''}`,
    channels: { red: 'Red', green: 'Green', blue: 'Blue', luminance: 'Brightness', before: 'Brightness before' },
    /** @param {string} name @param {string[]} means of red, green, blue and brightness */
    histogram: (name, [red, green, blue, luminance]) => `Histogram: ${name}. Means: red ${red}, green ${green}, blue ${blue}, brightness ${luminance}.`,
    /** @param {number} value */
    mean: (value) => values.format(value),
    /** @param {string} name */
    picture: (name) => `The picture after this step: ${name}`,
    save: 'Save the steps as a picture',
  },

  table: {
    heading: 'Steps on and off',
    why: 'The same photo, prepared in every way that there is: where the answers differ, preprocessing has decided.',
    run: 'Try every way',
    way: 'Prepared',
    /** @param {string} name */
    share: (name) => `For ${name}`,
    ways: {
      none: 'No step',
      'only-denoise': 'Only noise removed',
      'only-colour_balance': 'Only colours balanced',
      'only-contrast': 'Only contrast stretched',
      'without-denoise': 'All but noise removed',
      'without-colour_balance': 'All but colours balanced',
      'without-contrast': 'All but contrast stretched',
      all: 'All steps',
      crop: 'The square in the middle',
      stretch: 'All of it, squashed',
    },
    /** @param {string} way */
    usual: (way) => `${way} (as trained)`,
    save: 'Save the ways as JSON',
  },

  disturb: {
    heading: 'Until it breaks',
    why: 'Make the photo worse and see when the answer breaks: that tells what the network relies on.',
    names: { rotation: 'Turned', blur: 'Blur', dark: 'Darkness', cast: 'Orange light', noise: 'Noise', jpeg: 'JPEG compression' },
    /** @param {string} name @param {number} strength */
    amount: (name, strength) => amounts[name]?.(strength) ?? numbers.format(strength),
    /** @param {number} longest */
    reduced: (longest) => `Before that the photo is reduced to at most ${longest} pixels, so that a strength means the same for every photo.`,
    picture: 'The disturbed photo',
    reset: 'Undo all of it',
    use: 'Take this as the photo',
    curveOf: 'Curve for',
    run: 'Draw the curve',
    curveWhy: 'How probable a class is (upwards), the more the photo is disturbed (to the right); above the dashed line the network is sure.',
    /** @param {string} disturbance @param {string} amount @param {string} name */
    another: (disturbance, amount, name) => `${disturbance}: from ${amount} on the answer is another one, “${name}”.`,
    /** @param {string} disturbance @param {string} amount */
    unsure: (disturbance, amount) => `${disturbance}: from ${amount} on the network is no longer sure.`,
    /** @param {string} disturbance */
    holds: (disturbance) => `${disturbance}: the answer holds to the end.`,
    /** @param {string} disturbance @param {string[]} names */
    alt: (disturbance, names) => `Probability of ${names.map((name) => `“${name}”`).join(' and ')} over: ${disturbance}`,
    threshold: 'Sure from here on',
    numbers: 'The numbers of the curve',
    strength: 'Strength',
    savePicture: 'Save the curve as a picture',
    saveNumbers: 'Save the curve as JSON',
  },

  compare: {
    heading: 'One photo, every network',
    why: 'The same photo, shown to each network that this page knows: a larger one knows more, and takes longer to fetch and to answer.',
    run: 'Ask all of them',
    /** @param {string} name */
    working: (name) => `Loading and timing: ${name}`,
    noWorker: 'This browser grants the page no worker, so there is no room for a second network beside the first.',
    /** @param {number} count */
    time: (count) => `Time for a photo (median of ${count})`,
    runsOn: 'Runs on',
    file: 'File',
    parameters: 'Parameters',
    input: 'Input',
    classes: 'Classes',
    beyond: 'Names beyond them',
    /** @param {number} count */
    count: (count) => compact.format(count),
    /** @param {number} side @param {number} looks */
    size: (side, looks) => `${side} × ${side} pixels${looks > 1 ? `, ${looks} looks` : ''}`,
    savePicture: 'Save the comparison as a picture',
    saveNumbers: 'Save the comparison as JSON',
  },
};
