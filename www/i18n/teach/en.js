/*
 * What only the page says where classes are taught, in English; what the pages have in common is in `../en.js`. `page`
 * holds the texts of teach.html.
 */

const percents = new Intl.NumberFormat('en', { style: 'percent', minimumFractionDigits: 1, maximumFractionDigits: 1 });
const numbers = new Intl.NumberFormat('en');
const lists = new Intl.ListFormat('en', { type: 'conjunction' });

/** @param {number} count */
const photos = (count) => (count === 1 ? '1 photo' : `${numbers.format(count)} photos`);

/** @param {string} name */
const quoted = (name) => `“${name}”`;

export default {
  page: {
    title: 'glimpse: teach it your own classes',
    description: 'Teach an image classifier your own classes with a few photos of each, in your browser. Photos stay on your device.',
    heading: 'Teach it your own classes.',
    lead: 'A few photos of each are enough, and it answers while you add them. Or drop a heap of photos and have them grouped first.',
    noscript: 'This page teaches a neural network in your browser, and for that it needs JavaScript and WebAssembly.',
    classesHeading: 'Classes',
    tryHeading: 'Try it',
    reportHeading: 'How good is it?',
    groupHeading: 'Group photos that nobody has sorted',
    keepHeading: 'Keep it, and take it along',
  },

  photos,
  quoted,
  close: 'Close',
  remove: 'Remove',

  classes: {
    hint: 'Drop photos or whole folders here: each folder becomes a class. Or begin with an empty class.',
    add: 'Add a class',
    folder: 'Choose a folder',
    /** @param {number} number what a class is called that nobody has named */
    unnamed: (number) => `Class ${number}`,
    name: 'Name of the class',
    /** @param {string} name */
    card: (name) => `Class ${quoted(name)}`,
    enabled: 'Takes part',
    choose: 'Add photos',
    record: 'Hold to record',
    recordCounted: 'Record',
    recordStop: 'Stop recording',
    /** @param {number} seconds */
    countdown: (seconds) => `Begins in ${seconds}…`,
    recording: (/** @type {number} */ count) => `Recording: ${photos(count)}`,
    removeClass: 'Remove the class',
    /** @param {string} name @param {number} count */
    confirmRemoval: (name, count) => `Remove ${quoted(name)} with its ${photos(count)}?`,
    empty: 'Drop photos here, paste them, or record some.',
    /** What an action is called beside others of the same name. @param {string} action @param {string} name */
    of: (action, name) => `${action}: ${name}`,
    nameEmpty: 'A class needs a name.',
    /** @param {string} name */
    nameTaken: (name) => `There is a class ${quoted(name)} already.`,
    interval: 'A picture every',
    /** @param {number} seconds */
    seconds: (seconds) => `${numbers.format(seconds)} s`,
    delay: 'Begins',
    atOnce: 'at once, while held',
    /** @param {number} seconds */
    after: (seconds) => `after ${seconds} s, until pressed again`,
    recorderHeading: 'Recording',
  },

  progress: {
    /** @param {number} done @param {number} total */
    looking: (done, total) => `Looking at the photos: ${numbers.format(done)} of ${numbers.format(total)}`,
    cancel: 'Stop',
    /** @param {readonly string[]} names @param {number} more how many there are beyond */
    refused(names, more) {
      const all = more > 0 ? [...names, `${numbers.format(more)} more`] : names;
      return `Could not be read, and left out: ${lists.format(all)}. Everything else has been taken.`;
    },
    dismiss: 'Understood',
  },

  picture: {
    heading: 'Photo',
    move: 'Move to',
    moveNow: 'Move',
    unsorted: 'no class (to be grouped)',
    /** @param {string} guess */
    guess: (guess) => `The network’s own name for it: ${quoted(guess)}`,
    hint: 'In the lists: arrow keys go from photo to photo, Enter opens one, Delete removes it. Or drag a photo to another class.',
  },

  answer: {
    lacksAll: 'It can answer when there are two classes with a photo each.',
    /** @param {string} name */
    lacksOne: (name) => `It knows only ${quoted(name)} so far. Add a second class to tell it apart from.`,
    learning: 'Learning…',
    paste: 'or paste one with Ctrl+V',
    /** @param {string} name @param {boolean} sure */
    verdict: (name, sure) => (sure ? `It looks like ${quoted(name)}.` : `Not sure. Perhaps ${quoted(name)}?`),
    none: 'None of these.',
    /** @param {number} share as it is written */
    confidence: (/** @type {string} */ share) => `With a probability of ${share}.`,
    noneOption: 'May say “none of these”',
    /** @param {number} count */
    taught: (count) => `Taught with ${photos(count)}.`,
  },

  report: {
    lacks: 'With two classes and two photos in one of them, it tells here how often it is right.',
    /**
     * @param {number} right
     * @param {number} total
     * @param {number} accuracy
     * @param {number} low
     * @param {number} high
     */
    accuracy: (right, total, accuracy, low, high) =>
      `It names ${numbers.format(right)} of ${photos(total)} rightly when it hasn’t been taught with them: ${percents.format(accuracy)} ` +
      `(between ${percents.format(low)} and ${percents.format(high)}, with 95% confidence).`,
    /** @param {number} copies */
    copies: (copies) => `${photos(copies)} are nearly copies of another one. They count together, because a copy is no test.`,
    how: 'Each photo is answered by a classifier that was taught with all others but it (leave-one-out).',
    /** @param {string} name @param {number} recall */
    helps: (name, recall) => `One more photo would help ${quoted(name)} most: of its photos, ${percents.format(recall)} are named rightly.`,
    /** @param {string} name */
    helpsFew: (name) => `One more photo would help ${quoted(name)} most: with what it has, it can’t be tested.`,
    /** @param {string} one @param {string} other */
    alike: (one, other) => `${quoted(one)} and ${quoted(other)} hold the same photos, so nothing can tell them apart.`,
    table: 'Figures for each class',
    class: 'Class',
    count: 'Photos',
    precision: 'Precision',
    recall: 'Recall',
    f1: 'F1',
    /** @param {number | null} share */
    share: (share) => (share === null ? '–' : percents.format(share)),
    confusion: 'Confusion matrix',
    confusionHint: 'Rows are the true classes, columns the answers. A number shows its photos.',
    none: 'none of these',
    /** @param {string} truth @param {string} answer @param {number} count */
    cell: (truth, answer, count) => `${quoted(truth)} answered as ${quoted(answer)}: ${photos(count)}`,
    suspicious: 'In the wrong class?',
    suspiciousHint: 'These look more like another class. Look at them, and move those that are wrong.',
    /** @param {string} truth @param {string} answer */
    suspect: (truth, answer) => `In ${quoted(truth)}, looks like ${quoted(answer)}`,
    /** @param {string} answer */
    moveTo: (answer) => `Move to ${quoted(answer)}`,
  },

  group: {
    hint: 'Drop photos or folders here, up to a few thousand. They are put into groups by what they show; a group that you name becomes a class.',
    choose: 'Choose photos',
    folder: 'Choose a folder of photos',
    /** @param {number} count */
    waiting: (count) => `${photos(count)} without a class.`,
    group: 'Group them',
    grouping: 'Grouping…',
    slider: 'Groups',
    /** @param {number} groups @param {number} suggested */
    chosen: (groups, suggested) => (groups === suggested ? `${groups} (suggested)` : `${groups} (suggested: ${suggested})`),
    /** @param {number} number @param {number} count */
    row: (number, count) => `Group ${number}: ${photos(count)}`,
    name: 'Name of the group',
    make: 'Make it a class',
    map: 'Show the map',
    mapping: 'Drawing the map…',
    /** @param {number} count */
    mapAlt: (count) => `A map of the ${photos(count)}: what looks alike lies close together. The same photos are in the rows.`,
    /** @param {number} number */
    unnamed: (number) => `Group ${number}`,
    clear: 'Remove these photos',
  },

  keep: {
    projectName: 'Name of the project',
    unnamed: 'my classes',
    keep: 'Keep this project in this browser',
    keepHint: 'Small pictures and what the network makes of them, no whole photos. It is here again when you come back; nothing is uploaded.',
    /** @param {boolean} persistent @returns {string} */
    kept: (persistent) =>
      persistent ? 'Kept. The browser has promised not to delete it by itself.' : 'Kept. The browser may delete it when it runs out of room.',
    keeping: 'Being kept…',
    /** @param {number} count */
    reopened: (count) => `The project that was kept here is open again: ${photos(count)}.`,
    exportProject: 'Project as a file (.zip)',
    importProject: 'Open a project file',
    importHint:
      'A project file holds the small pictures in train/<class>/, as `glimpse train` reads them, too. Any other zip of folders with pictures opens as well.',
    /** @param {string} name */
    replace: (name) => `Put ${quoted(name)} in the place of what is here?`,
    clear: 'Begin anew',
    confirmClear: 'Remove all classes and photos?',
    weights: 'What was taught, for pages and the terminal',
    whole: 'Weights file',
    wholeHint: 'Works by itself, for a few megabytes.',
    head: 'Head only',
    headHint: 'A few kilobytes; whoever loads it fetches the photo network besides.',
    lacks: 'There is a weights file when there are two classes with a photo each.',
    snippet: 'Lay the file beside your page, and put this into it:',
    copy: 'Copy the lines',
    copied: 'Copied.',
    copyFailed: 'The browser didn’t let this page copy. Select the lines and copy them yourself.',
  },
};
