/** @import { Facing } from '../core/types.js' */
import { reasonOf } from '../core/abort.js';
import { Failure, messageOf } from '../core/errors.js';

/*
 * The browser's cameras: opening one, listing them, and what it means when one can't be had or goes away.
 */

const SIZE = { width: { ideal: 640 }, height: { ideal: 480 } };

/** A camera as the page lists it; `facing` is null where the browser doesn't say, as with most webcams. */
/** @typedef {{ id: string, label: string, facing: Facing | null }} Entry */

/** A camera that is on. */
export class Camera {
  #track;

  /**
   * @param {MediaStream} stream
   * @param {MediaStreamTrack} track
   */
  constructor(stream, track) {
    this.stream = stream;
    this.#track = track;
    const { deviceId, facingMode } = track.getSettings();
    this.id = deviceId ?? '';
    this.facing = facingOf(facingMode);
    /** People know themselves from mirrors; only a camera that looks away from them is shown as it is, unless they choose. */
    this.mirrored = this.facing !== 'environment';
  }

  /** Whether it has a light that can be switched on and stays on. */
  get hasTorch() {
    const capabilities = /** @type {{ torch?: boolean } | undefined} */ (this.#track.getCapabilities?.());
    return capabilities?.torch === true;
  }

  /**
   * Rejects where the camera doesn't do it after all. Its light goes out with it.
   * @param {boolean} on
   */
  async setTorch(on) {
    await this.#track.applyConstraints({ advanced: [/** @type {MediaTrackConstraintSet} */ (/** @type {unknown} */ ({ torch: on }))] });
  }

  /** Whether the system holds its pictures back, as some keyboards' camera keys do. */
  get muted() {
    return this.#track.muted;
  }

  /**
   * @param {(failure: Failure) => void} ended called once, when the camera goes away and nobody here has stopped it
   * @param {AbortSignal} signal who listens
   */
  watch(ended, signal) {
    const onEnded = async () => {
      const failure = await this.#whyEnded();
      if (!signal.aborted) ended(failure);
    };
    if (this.#track.readyState === 'ended') void onEnded();
    else this.#track.addEventListener('ended', onEnded, { once: true, signal });
  }

  stop() {
    for (const track of this.stream.getTracks()) track.stop();
  }

  async #whyEnded() {
    // A page without permission gets its cameras listed without ids, so a list of others has nothing to do with that.
    const ids = (await listCameras().catch(() => [])).map(({ id }) => id).filter(Boolean);
    const others = ids.length > 0 && !ids.includes(this.id);
    const permission = await permissionState();
    const revoked = !others && (permission === 'denied' || permission === 'prompt');
    return new Failure(revoked ? 'camera-revoked' : 'camera-unplugged');
  }
}

/** @type {readonly (string | null)[]} which way a camera looks, where it isn't asked for by its id */
const FACINGS = ['user', 'environment'];

/**
 * Switches a camera on: the one asked for or, where it is gone or none was asked for, any, and rather the one that looks
 * where the person looks. Rejects with a `Failure`.
 *
 * @param {string | null} wanted its id, or which way it looks (`Facing`): there may be none that does
 * @param {AbortSignal} signal a camera that is ready later than that is switched off again
 * @returns {Promise<Camera>}
 */
export async function openCamera(wanted, signal) {
  if (!isSecureContext) throw new Failure('camera-insecure');
  // Browsers that are older than this leave the whole object out, whatever the types say.
  const devices = /** @type {MediaDevices | undefined} */ (navigator.mediaDevices);
  if (typeof devices?.getUserMedia !== 'function') throw new Failure('camera-unsupported');
  if (!allowedHere()) throw new Failure('camera-forbidden');
  const id = FACINGS.includes(wanted) ? null : wanted;
  const any = { ...SIZE, facingMode: { ideal: id ? 'environment' : (wanted ?? 'environment') } };
  /** @type {MediaStream} */
  let stream;
  try {
    stream = await ask(devices, id ? { ...SIZE, deviceId: { exact: id } } : any).catch((error) => {
      // Firefox says of one that is gone what it says where there is none.
      if (id && ['OverconstrainedError', 'NotFoundError'].includes(nameOf(error)) && !signal.aborted) return ask(devices, any);
      throw error;
    });
  } catch (error) {
    throw signal.aborted ? reasonOf(signal) : await explain(error);
  }
  const [track] = stream.getVideoTracks();
  if (signal.aborted || !track) {
    for (const each of stream.getTracks()) each.stop();
    throw signal.aborted ? reasonOf(signal) : new Failure('camera-missing');
  }
  return new Camera(stream, track);
}

/**
 * The cameras that there are. Browsers tell their names only to a page that may use one.
 * @returns {Promise<Entry[]>}
 */
export async function listCameras() {
  const devices = await navigator.mediaDevices.enumerateDevices();
  return devices.filter(({ kind }) => kind === 'videoinput').map((device) => ({ id: device.deviceId, label: device.label, facing: facingOfDevice(device) }));
}

/**
 * The camera that looks the other way than the one that is on, or, of two that don't say, the other one.
 *
 * @param {readonly Entry[]} cameras
 * @param {string} id the one that is on
 * @returns {Entry | undefined} none, where there is no telling which it would be
 */
export function otherCamera(cameras, id) {
  const facing = cameras.find((camera) => camera.id === id)?.facing;
  const others = cameras.filter((camera) => camera.id !== id);
  return others.find((camera) => facing && camera.facing && camera.facing !== facing) ?? (cameras.length === 2 ? others[0] : undefined);
}

/**
 * @param {MediaDevices} devices
 * @param {MediaTrackConstraints} video
 */
function ask(devices, video) {
  return devices.getUserMedia({ video, audio: false });
}

/**
 * @param {unknown} error
 * @returns {Promise<Failure>}
 */
async function explain(error) {
  const facts = { detail: messageOf(error) };
  return new Failure(await codeOf(error), facts, error);
}

/** @param {unknown} error */
async function codeOf(error) {
  switch (nameOf(error)) {
    case 'NotAllowedError':
    case 'SecurityError':
      return whyNotAllowed(error);
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'camera-missing';
    case 'NotReadableError':
    case 'AbortError':
      return 'camera-busy';
    default:
      return 'camera-failed';
  }
}

/** @param {unknown} error */
async function whyNotAllowed(error) {
  if (/\bsystem\b/i.test(messageOf(error))) return 'camera-system';
  return (await permissionState()) === 'prompt' ? 'camera-dismissed' : 'camera-denied';
}

/** Whether the page, as it is served or embedded, may use cameras at all. Where browsers don't say, it counts as yes. */
function allowedHere() {
  const { permissionsPolicy, featurePolicy } = /** @type {Record<string, { allowsFeature(name: string): boolean } | undefined>} */ (
    /** @type {unknown} */ (document)
  );
  return (permissionsPolicy ?? featurePolicy)?.allowsFeature('camera') ?? true;
}

/** @returns {Promise<PermissionState | null>} null where the browser doesn't say */
async function permissionState() {
  try {
    return (await navigator.permissions.query({ name: 'camera' })).state;
  } catch {
    return null; // some browsers know no permission of this name
  }
}

/** @param {unknown} error */
function nameOf(error) {
  return error instanceof Error || error instanceof DOMException ? error.name : '';
}

/**
 * @param {string | undefined} mode
 * @returns {Facing | null}
 */
function facingOf(mode) {
  return mode === 'user' || mode === 'environment' ? mode : null;
}

/** @param {MediaDeviceInfo} device */
function facingOfDevice(device) {
  const [mode] = ('getCapabilities' in device && /** @type {InputDeviceInfo} */ (device).getCapabilities().facingMode) || [];
  return facingOf(mode);
}
