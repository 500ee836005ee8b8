/*
 * Files as they come from outside, with the folder that each lay in: what is dropped, whole folders included, and what a
 * file chooser gives.
 */

/**
 * A file, the name of the folder right around it, or '', and its path from what was dropped or chosen.
 * @typedef {{ file: File, folder: string, path: string }} Dropped
 */

/**
 * Whether what is dragged are files, and no picture of this page.
 * @param {DragEvent} event
 */
export function carriesFiles({ dataTransfer }) {
  return dataTransfer?.types.includes('Files') ?? false;
}

/**
 * Whether it is a link, or a picture by its address.
 * @param {DragEvent} event
 */
export function carriesLink({ dataTransfer }) {
  return dataTransfer?.types.includes('text/uri-list') ?? false;
}

/**
 * The address that has been dropped: that of a picture, where there is one within a link.
 *
 * @param {DataTransfer | null} transfer
 * @returns {string | null}
 */
export function droppedAddress(transfer) {
  const picture = new DOMParser().parseFromString(transfer?.getData('text/html') ?? '', 'text/html').querySelector('img[src]');
  const lines = (transfer?.getData('text/uri-list') ?? '').split(/\r?\n/);
  return picture?.getAttribute('src') || lines.find((line) => line && !line.startsWith('#')) || null;
}

/**
 * Everything that has been dropped. It must be called while the event is being handled: afterwards it is empty.
 *
 * @param {DataTransfer | null} transfer
 * @returns {Promise<Dropped[]>}
 */
export async function droppedFiles(transfer) {
  const items = [...(transfer?.items ?? [])].filter(({ kind }) => kind === 'file');
  const found = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const lists = await Promise.all(found.map((each) => (each instanceof File ? [{ file: each, folder: '', path: each.name }] : each ? filesOf(each, '') : [])));
  return lists.flat().filter(isVisible);
}

/**
 * What a file chooser gives, where it may be a folder's files.
 * @param {HTMLInputElement} input
 * @returns {Dropped[]}
 */
export function chosenFiles(input) {
  const files = [...(input.files ?? [])];
  return files
    .map((file) => {
      const path = file.webkitRelativePath || file.name;
      return { file, folder: path.split('/').slice(-2, -1)[0] ?? '', path };
    })
    .filter(isVisible);
}

/**
 * @param {FileSystemEntry} entry
 * @param {string} folder
 * @returns {Promise<Dropped[]>}
 */
async function filesOf(entry, folder) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => /** @type {FileSystemFileEntry} */ (entry).file(resolve, reject)).catch(() => null);
    return file ? [{ file, folder, path: entry.fullPath.replace(/^\//, '') || file.name }] : [];
  }
  const reader = /** @type {FileSystemDirectoryEntry} */ (entry).createReader();
  const found = [];
  for (;;) {
    // A browser gives a hundred at a time.
    const entries = await new Promise((resolve, reject) => reader.readEntries(resolve, reject)).catch(() => []);
    if (entries.length === 0) break;
    found.push(...entries);
  }
  found.sort((a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }));
  const lists = [];
  for (const each of found) lists.push(await filesOf(each, entry.name));
  return lists.flat();
}

/** What file managers leave beside pictures isn't meant. @param {Dropped} dropped */
function isVisible({ file }) {
  return !file.name.startsWith('.') && !['Thumbs.db', 'desktop.ini'].includes(file.name);
}
