/** @import { Speed } from '../core/types.js' */

/** WebGPU takes over only if it needs less than this share of the CPU's time: what is hardly faster isn't worth it. */
const WORTH = 0.9;

/** @param {Speed | undefined} speed undefined where nobody has measured */
export function cpuWins(speed) {
  return speed !== undefined && !(speed.webgpu < WORTH * speed.cpu);
}
