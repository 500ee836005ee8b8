import { Failure, messageOf } from '../core/errors.js';

/**
 * What of the launch queue is used here.
 * @typedef {{ setConsumer(consumer: (launch: { files?: readonly { getFile(): Promise<File> }[] }) => void): void }} LaunchQueue
 */

/**
 * Files that the installed page has been opened with, from the system's file manager.
 *
 * @param {object} handlers
 * @param {(files: readonly File[]) => void} handlers.files never none
 * @param {(failure: Failure) => void} handlers.refuse
 */
export function whenLaunched({ files: take, refuse }) {
  const { launchQueue } = /** @type {{ launchQueue?: LaunchQueue }} */ (globalThis);
  launchQueue?.setConsumer(async ({ files = [] }) => {
    if (files.length === 0) return; // opened without any
    try {
      take(await Promise.all(files.map((file) => file.getFile())));
    } catch (error) {
      refuse(new Failure('file-unreadable', { detail: messageOf(error) }, error)); // moved or deleted meanwhile
    }
  });
}
