/** @import { Info, ModelId, Outcome, Ranked } from '../../www/core/types.js' */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { VideoFrames } from '../../www/camera/video-frames.js';
import { FrameRate } from '../../www/camera/frame-rate.js';
import { Smoothing, TIME_CONSTANT } from '../../www/camera/smoothing.js';
import { StableValue } from '../../www/ui/stable-value.js';

/*
 * What the live picture reckons, without a browser.
 */

const CLASSES = ['cat', 'ship', 'none'];

test('the average of probabilities sums to one, best first, whatever comes', () => {
  const smooth = new Smoothing();
  let time = 0;
  for (let frame = 0; frame < 200; frame += 1) {
    time += 5 + ((frame * 37) % 90);
    const { ranked } = smooth.add(outcome(noise(frame)), time);
    const sum = ranked.reduce((total, { probability }) => total + probability, 0);
    assert.ok(Math.abs(sum - 1) < 1e-9, `frame ${frame} sums to ${sum}`);
    assert.deepEqual(ranked.map(({ label }) => label).sort(), [...CLASSES].sort());
    assert.deepEqual(
      ranked,
      ranked.toSorted((a, b) => b.probability - a.probability),
    );
    for (const { index, label } of ranked) assert.equal(CLASSES[index], label);
  }
});

test('the first frame is its own average, and a steady signal stays what it is', () => {
  const smooth = new Smoothing();
  for (const time of [70, 90, 400, 5000]) {
    const { ranked } = smooth.add(outcome([0.7, 0.2, 0.1]), time);
    close(
      ranked.map(({ probability }) => probability),
      [0.7, 0.2, 0.1],
    );
  }
});

test('what follows a change of picture is the exponential, at any frame rate', () => {
  for (const fps of [5, 10, 30, 60]) {
    for (const seconds of [0.2, 0.4, 1, 2]) {
      const left = Math.exp((-1000 * seconds) / TIME_CONSTANT);
      close([shareOf('ship', changed(fps, seconds))], [1 - left], `${fps} frames per second after ${seconds} s`);
    }
  }
});

test('a signal that never stands still ends at the same average at 10 and at 30 frames per second', () => {
  const end = (/** @type {number} */ fps) => {
    const smooth = new Smoothing();
    let last = smooth.add(outcome([0.5, 0.5, 0]), 0);
    for (let frame = 1; frame <= 4 * fps; frame += 1) {
      const time = frame / fps;
      const share = 0.5 + 0.4 * Math.sin((time - 0.5 / fps) * 2); // as it was in the middle of what the frame stands for
      last = smooth.add(outcome([share, 1 - share, 0]), time * 1000);
    }
    return shareOf('cat', last);
  };
  assert.ok(Math.abs(end(10) - end(30)) < 2e-3, `${end(10)} and ${end(30)}`);
});

test('sure and none are said of the average', () => {
  const smooth = new Smoothing();
  assert.deepEqual(pick(smooth.add(outcome([0.9, 0.05, 0.05]), 0)), { sure: true, none: false });
  assert.deepEqual(pick(smooth.add(outcome([0, 0, 1]), 100)), { sure: true, none: false });
  assert.deepEqual(pick(smooth.add(outcome([0, 0, 1]), 280)), { sure: false, none: true });
  assert.deepEqual(pick(smooth.add(outcome([0, 0, 1]), 2000)), { sure: true, none: true });
});

test('another network begins anew', () => {
  const smooth = new Smoothing();
  smooth.add(outcome([1, 0, 0]), 0);
  const after = smooth.add(outcome([0, 1, 0], 'cifar10'), 10);
  assert.equal(shareOf('ship', after), 1);
  assert.equal(shareOf('cat', after), 0);
});

test('of the vocabulary ten names stay, and those that have gone fade', () => {
  const smooth = new Smoothing();
  const names = (/** @type {number} */ from) => Array.from({ length: 10 }, (_, at) => entry(from + at, `name ${from + at}`, 0.1));
  smooth.add({ ...outcome([1, 0, 0]), vocabulary: names(0) }, 0);
  const { vocabulary } = smooth.add({ ...outcome([1, 0, 0]), vocabulary: names(5) }, TIME_CONSTANT);
  assert.equal(vocabulary?.length, 10);
  const shares = new Map(vocabulary?.map(({ label, probability }) => [label, probability]));
  close([shares.get('name 7') ?? 0, shares.get('name 12') ?? 0], [0.1, 0.1 * (1 - Math.exp(-1))]);
  assert.ok(!shares.has('name 2'), 'it counts as zero in the second frame, so it is behind the ten');
  const later = smooth.add({ ...outcome([1, 0, 0]), vocabulary: names(20) }, 100 * TIME_CONSTANT);
  assert.deepEqual(
    later.vocabulary?.map(({ index }) => index).sort(),
    names(20)
      .map(({ index }) => index)
      .sort(),
  );
});

test('a name is the headline once the average is sure of it, and as long as it is', () => {
  const smooth = new Smoothing();
  const tabby = entry(3, 'tabby', 0.9);
  /** @type {(time: number, frame: Partial<Outcome>) => string | undefined} */
  const headline = (time, frame) => smooth.add({ ...outcome([0.9, 0.1, 0]), ...frame }, time).specific?.label;
  assert.equal(headline(0, { vocabulary: [entry(4, 'beagle', 0.3)] }), undefined);
  const named = { vocabulary: [tabby], specific: tabby };
  assert.equal(headline(40, named), undefined, 'a single frame that is sure');
  for (let time = 80; time < 2000; time += 40) headline(time, named);
  assert.equal(headline(2000, named), 'tabby');
  assert.equal(headline(2040, { vocabulary: [entry(4, 'beagle', 0.9)], specific: null }), 'tabby', 'a single frame that is not');
  const { specific, vocabulary } = smooth.add({ ...outcome([0.9, 0.1, 0]), ...named }, 2080);
  assert.equal(specific, vocabulary?.[0], 'with the share of the average');
  assert.equal(headline(6000, { vocabulary: [entry(3, 'tabby', 0.4)], specific: null }), undefined, 'gone when it fades');
});

test('a name that is no kind of the average’s class is not its headline', () => {
  const smooth = new Smoothing();
  const liner = entry(5, 'liner', 0.9);
  const named = { vocabulary: [liner], specific: liner };
  assert.equal(smooth.add({ ...outcome([0, 1, 0]), ...named }, 0).specific?.label, 'liner');
  const cat = smooth.add({ ...outcome([1, 0, 0]), vocabulary: [liner] }, 5000);
  assert.deepEqual([cat.ranked[0]?.label, cat.sure, cat.vocabulary?.[0]?.label, cat.specific], ['cat', true, 'liner', null]);
  const unsure = smooth.add({ ...outcome([0.45, 0.55, 0]), ...named }, 10_000);
  assert.deepEqual([unsure.ranked[0]?.label, unsure.sure, unsure.specific], ['ship', false, null]);
  smooth.add({ ...outcome([0, 1, 0]), ...named }, 15_000);
  assert.equal(smooth.add({ ...outcome([0, 1, 0], 'own'), vocabulary: [liner] }, 15_040).specific, null, 'another network, other kinds');
});

test('the meter tells the frame rate and the median time', () => {
  const rate = new FrameRate();
  assert.equal(rate.perSecond, null);
  assert.equal(rate.milliseconds, null);
  for (let frame = 0; frame < 200; frame += 1) rate.add(frame * 50, frame * 50 + (frame % 10 === 0 ? 400 : 30));
  assert.equal(Math.round(rate.perSecond ?? 0), 20);
  assert.equal(rate.milliseconds, 30);
});

test('the meter follows a change within two seconds, and tells of frames that are slower than that', () => {
  const rate = new FrameRate();
  for (let time = 0; time < 3000; time += 20) rate.add(time, time + 10);
  for (let time = 3000; time <= 5100; time += 100) rate.add(time, time + 90);
  close([rate.perSecond ?? 0, rate.milliseconds ?? 0], [10, 90], 'after the change', 0.6);
  rate.add(10_000, 15_000);
  rate.add(15_000, 20_000);
  close([rate.perSecond ?? 0, rate.milliseconds ?? 0], [0.2, 5000]);
});

test('only what lasts a second is news, and only once', () => {
  const steady = new StableValue();
  const told = [];
  const values = ['cat', 'cat', 'ship', 'cat', 'cat', 'cat', 'cat', 'cat', 'ship', 'ship', 'ship', 'ship'];
  for (const [at, value] of values.entries()) if (steady.add(value, at * 400)) told.push(`${value} ${at}`);
  assert.deepEqual(told, ['cat 6', 'ship 11']);
});

test('a picture is taken once, the newest first, and one that has not moved never', async () => {
  const video = film();
  const frames = new VideoFrames(video);
  const { signal } = new AbortController();
  let taken = 0;
  const take = async () => {
    await frames.next(signal);
    taken += 1;
  };
  video.show(1);
  await take();
  const second = take();
  video.show(1);
  await settled();
  assert.equal(taken, 1, 'the same picture again');
  video.show(2);
  await second;
  for (const time of [3, 4, 5]) video.show(time); // nobody asks
  assert.equal(frames.arrived, 5);
  await take();
  const next = take();
  await settled();
  assert.equal(taken, 3, 'what was passed over is gone');
  video.show(6);
  await next;
  frames.stop();
  assert.equal(video.waiting, 0, 'nothing watches the video any longer');
});

test('who waits for a picture stops waiting when nobody wants it any longer', async () => {
  const video = film();
  const frames = new VideoFrames(video);
  const turn = new AbortController();
  const waits = frames.next(turn.signal);
  turn.abort(new Error('no longer'));
  await assert.rejects(waits, /no longer/);
  await assert.rejects(frames.next(turn.signal), /no longer/);
});

/** A video element that shows what it is told. */
function film() {
  /** @type {Map<number, VideoFrameRequestCallback>} */
  const callbacks = new Map();
  let handle = 0;
  return {
    currentTime: 0,
    readyState: 4,
    get waiting() {
      return callbacks.size;
    },
    requestVideoFrameCallback(/** @type {VideoFrameRequestCallback} */ callback) {
      handle += 1;
      callbacks.set(handle, callback);
      return handle;
    },
    cancelVideoFrameCallback(/** @type {number} */ known) {
      callbacks.delete(known);
    },
    show(/** @type {number} */ mediaTime) {
      const waiting = [...callbacks.values()];
      callbacks.clear();
      for (const callback of waiting) callback(0, /** @type {VideoFrameCallbackMetadata} */ ({ mediaTime }));
    },
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

/**
 * A cat, and from just after the first frame on a ship.
 * @param {number} fps
 * @param {number} seconds
 */
function changed(fps, seconds) {
  const smooth = new Smoothing();
  let last = smooth.add(outcome([1, 0, 0]), 0);
  for (let frame = 1; frame <= Math.round(fps * seconds); frame += 1) last = smooth.add(outcome([0, 1, 0]), (1000 * frame) / fps);
  return last;
}

/**
 * @param {number[]} shares
 * @param {ModelId} [model]
 * @returns {Outcome}
 */
function outcome(shares, model = 'photo') {
  const ranked = shares.map((share, index) => entry(index, CLASSES[index] ?? '', share)).sort((a, b) => b.probability - a.probability);
  const info = /** @type {Info} */ ({ classes: CLASSES, none: 'none', not_sure_below: 0.6, vocabulary: { not_sure_below: 0.5 } });
  const seen = /** @type {ImageData} */ ({});
  const milliseconds = { preprocess: 1, network: 2 };
  return { ranked, sure: false, none: false, vocabulary: null, specific: null, seen, milliseconds, threads: 1, backend: 'cpu', model, info };
}

/**
 * @param {number} index
 * @param {string} label
 * @param {number} probability
 * @returns {Ranked}
 */
function entry(index, label, probability) {
  return { index, label, probability };
}

/** @param {number} seed */
function noise(seed) {
  const raw = CLASSES.map((_, at) => 1 + ((seed * 7919 + at * 104_729) % 1000));
  const sum = raw.reduce((total, value) => total + value, 0);
  return raw.map((value) => value / sum);
}

/**
 * @param {string} label
 * @param {Outcome} from
 */
function shareOf(label, { ranked }) {
  return ranked.find((each) => each.label === label)?.probability ?? NaN;
}

/** @param {Outcome} from */
function pick({ sure, none }) {
  return { sure, none };
}

/**
 * @param {number[]} found
 * @param {number[]} expected
 * @param {string} [what]
 * @param {number} [tolerance]
 */
function close(found, expected, what = '', tolerance = 1e-9) {
  assert.equal(found.length, expected.length);
  for (const [at, value] of found.entries()) assert.ok(Math.abs(value - (expected[at] ?? NaN)) <= tolerance, `${what}: ${found} for ${expected}`);
}
