/*
 * What only the panel says that shows what a network does inside, in English; what the page says anyway is in `../en.js`.
 */

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 1 });
const two = new Intl.NumberFormat('en', { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const precise = new Intl.NumberFormat('en', { minimumFractionDigits: 3, maximumFractionDigits: 3 });
const values = { format: (/** @type {number} */ value) => two.format(value).replace('-', '−') };
const compact = new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 });

/** @param {number} value what rounds to 0 has no sign */
const number = (value) => precise.format(Math.round(1000 * value) / 1000 || 0).replace('-', '−');

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
  views: { preprocessing: 'Preprocessing', compare: 'Compare networks', layers: 'What each layer made of it' },
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

  layers: {
    heading: 'Layer by layer',
    why: 'A network is a chain of layers, each of which turns the numbers of the one before into new ones: pick a layer, then a picture, then a pixel, and see how that one number came about.',
    working: 'Computing every layer',
    again: 'Try again',
    choice: 'The layers, from the photo to the answer',
    names: {
      picture: 'The picture in numbers',
      convolution: 'Convolution',
      depthwise: 'Convolution, channel by channel',
      dense: 'Dense layer',
      pool: 'Pooling',
      relu: 'ReLU',
      relu6: 'ReLU6',
      gelu: 'GELU',
      identity: 'Nothing',
      add: 'Shortcut',
      mean: 'Mean of each channel',
      max: 'Largest of each channel',
      looks: 'Mean of both looks',
      embedding: 'Centred and scaled',
      evidence: 'What the names add',
      softmax: 'Softmax',
    },
    whys: {
      picture: 'This is all that the network ever gets: how red, green and blue each pixel is.',
      convolution:
        'A small window slides over the pictures before; at every place the numbers under it are multiplied by the window’s own numbers and added up, so that it lights up where it finds its pattern.',
      depthwise: 'A small window slides over each picture by itself, and looks for a pattern in that one alone.',
      dense: 'Every number before is multiplied by a weight and added up: each sum says how much speaks for one thing.',
      pool: 'Of every two by two numbers only the largest is kept: the picture gets smaller, and what was found in it stays.',
      relu: 'What is below zero becomes zero: only what has been found goes on.',
      relu6: 'What is below zero becomes zero, and what is above six becomes six.',
      gelu: 'What is far below zero becomes zero, and what is far above stays as it is, with a soft bend between.',
      identity: 'The numbers stay as they are.',
      add: 'The numbers from before the block are added to what came out of it, so that nothing gets lost on the way.',
      mean: 'Of each picture only the mean is kept: how much of its pattern there is, wherever it is.',
      max: 'Of each picture only the largest number is kept: how clearly its pattern was found anywhere.',
      looks: 'The network looks at the photo twice, at two parts of it, and goes on with the mean of both; the pictures above are those of the first look.',
      embedding: 'The usual is subtracted, and the rest is scaled to length one, so that photos can be compared.',
      evidence:
        'The network also knows many finer names: how likely those of a class are is added to what the head says of it, and all is shifted by the same amount; only “none of these” is weighed apart.',
      softmax: 'The numbers of the classes become shares that add up to 100%: e to the power of each, divided by the sum of all of them.',
    },
    /** @param {number} at @param {string} name @param {number} number of those of its name, 0 for the only one @param {number} block */
    title: (at, name, number, block) => `${at}. ${block ? `Block ${block}: ` : ''}${name}${number ? ` ${number}` : ''}`,
    /** @param {readonly number[]} shape */
    shape: ([height, width, channels]) => (height === 1 && width === 1 ? `${channels} numbers` : `${channels} × ${height} × ${width}`),
    /** @param {number} count */
    parameters: (count) => `${compact.format(count)} weights`,
    /** @param {number} count */
    work: (count) => `${compact.format(count)} multiplications`,
    /** @param {number} side @param {number} step */
    kernel: (side, step) => `window of ${side} × ${side}${step > 1 ? `, ${step} steps at a time` : ''}`,
    /** @param {number} shown @param {number} all */
    strongest: (shown, all) => (shown < all ? `The ${shown} of ${all} channels in which most happens` : 'All channels, the one in which most happens first'),
    /** @param {number} shown @param {number} all */
    largest: (shown, all) => (shown < all ? `The ${shown} largest of ${all} numbers` : 'All numbers, the largest first'),
    /** @param {number} channel */
    channel: (channel) => `Channel ${channel}`,
    colours: ['Red', 'Green', 'Blue'],
    /** @param {number} low @param {number} high */
    range: (low, high) => `${values.format(low)} to ${values.format(high)}`,
    scale: 'In each picture its lowest number is black and its highest white.',
    filter: 'The window itself in colour; grey is 0',
    /** @param {string} channel */
    cursor: (channel) => `${channel}: point at a pixel, or move with the arrow keys`,
    /** @param {string} channel @param {number} row @param {number} column @param {number} value */
    pixel: (channel, row, column, value) => `${channel}, row ${row}, column ${column}: ${number(value)}`,
    /** @param {string} channel @param {number} value */
    single: (channel, value) => `${channel}: ${number(value)}`,
    sees: 'Sees',
    weight: 'Weight',
    kernelOf: 'Window',
    product: 'Product',
    products: 'Products',
    sum: 'Sum',
    /** @param {number} count */
    others: (count) => `The other ${count} together`,
    bias: 'Bias, a number that is always added',
    total: 'All together',
    /** @param {number} value */
    goesIn: (value) => `In: ${number(value)}`,
    /** @param {number} value */
    comesOut: (value) => `Out: ${number(value)}`,
    /** @param {readonly number[]} parts @param {number} value */
    adds: (parts, value) => `${parts.map(number).join(' + ')} = ${number(value)}`,
    /** @param {readonly number[]} parts @param {number} value */
    means: (parts, value) => `(${parts.map(number).join(' + ')}) ÷ ${parts.length} = ${number(value)}`,
    /** @param {number} feature @param {number} mean @param {number} length @param {number} value */
    centred: (feature, mean, length, value) => `(${number(feature)} − ${number(mean)}) ÷ ${number(length)} = ${number(value)}`,
    /** @param {number} count @param {number} low @param {number} high */
    many: (count, low, high) => `${count} numbers go in, from ${number(low)} to ${number(high)}`,
    /** @param {string} name @param {number} input @param {number} output */
    curve: (name, input, output) => `The curve of ${name}: ${number(input)} becomes ${number(output)}`,
    class: 'Class',
    logit: 'Number',
    /** @param {number} temperature */
    divided: (temperature) => `÷ ${values.format(temperature)}`,
    exponential: 'e to that',
    share: 'Share',
    temperature:
      'The numbers are first divided by the temperature, which has been measured so that the shares are honest; before e is taken to their power, the largest is made 0.',
    head: 'Head',
    ofNames: 'Names',
    together: 'Together',
    /** @param {number} value */
    number: (value) => number(value),
    savePicture: 'Save the layer as a picture',
    saveNumbers: 'Save the numbers as JSON',
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
