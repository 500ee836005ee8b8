/** @import { Content } from './project.js' */
import { Failure, messageOf } from '../core/errors.js';

/*
 * A project as one file: a zip with the small pictures in train/<class>/, which is how `glimpse train` reads a folder, and
 * beside them what the pictures can't say: names as they are written, order, embeddings. A zip without these is read as
 * folders of pictures.
 */

/** What is used of the library that reads and writes zip files. */
/** @typedef {Pick<typeof import('fflate'), 'Zip' | 'ZipPassThrough' | 'unzipSync' | 'strToU8' | 'strFromU8'>} ZipLibrary */

/**
 * A project, and which network its embeddings are of; or the pictures of a zip that is none.
 * @typedef {{ content: Content, network: string } | { files: { file: File, folder: string }[] }} Unpacked
 */

const DESCRIPTION = 'glimpse-project.json';
const EMBEDDINGS = 'glimpse-embeddings.f32';
const FORMAT = 1;
/** The folder of pictures that are in no class: `glimpse train` would take it for one, so it isn't in train/. */
const UNSORTED = 'unsorted';
/** What the folder of one class is named by in the description. */
/** @typedef {{ path: string, name: string, guess: string | null, place: number | null, embedded: boolean }} Entry */

/**
 * @param {ZipLibrary} library
 * @param {Content} content
 * @param {string} network which network the embeddings are of
 * @returns {Promise<Blob>}
 */
export async function packProject(library, { name, classes, pictures }, network) {
  /** @type {Uint8Array<ArrayBuffer>[]} */
  const parts = [];
  const zip = new library.Zip((error, part) => {
    if (error) throw error;
    parts.push(/** @type {Uint8Array<ArrayBuffer>} */ (part));
  });
  const add = (/** @type {string} */ path, /** @type {Uint8Array} */ bytes) => {
    const file = new library.ZipPassThrough(path); // JPEG doesn't get smaller
    zip.add(file);
    file.push(bytes, true);
  };
  const folders = foldersFor(classes);
  /** @type {Map<number | null, number>} */
  const counts = new Map();
  /** @type {Entry[]} */
  const entries = [];
  for (const { name: file, thumbnail, guess, place, embedding } of pictures) {
    const number = (counts.get(place) ?? 0) + 1;
    counts.set(place, number);
    const path = `${place === null ? UNSORTED : `train/${folders.get(place)}`}/${String(number).padStart(4, '0')}.jpg`;
    entries.push({ path, name: file, guess, place: place === null ? null : classes.findIndex(({ id }) => id === place), embedded: embedding !== null });
    add(path, new Uint8Array(await thumbnail.arrayBuffer()));
  }
  const embeddings = pictures.flatMap(({ embedding }) => embedding ?? []);
  const width = embeddings[0]?.length ?? 0;
  const all = new Float32Array(width * embeddings.length);
  for (const [at, embedding] of embeddings.entries()) all.set(embedding, at * width);
  add(EMBEDDINGS, new Uint8Array(all.buffer));
  const description = { format: FORMAT, name, network, width, classes: classes.map((each) => ({ name: each.name, enabled: each.enabled })), pictures: entries };
  add(DESCRIPTION, library.strToU8(JSON.stringify(description, null, 1)));
  zip.end();
  return new Blob(parts, { type: 'application/zip' });
}

/**
 * Rejects with a `Failure`.
 *
 * @param {ZipLibrary} library
 * @param {Blob} file
 * @returns {Promise<Unpacked>}
 */
export async function unpackProject(library, file) {
  /** @type {Record<string, Uint8Array>} */
  let files;
  try {
    files = library.unzipSync(new Uint8Array(await file.arrayBuffer()));
  } catch (error) {
    throw new Failure('archive-unreadable', { detail: messageOf(error) }, error);
  }
  const description = files[DESCRIPTION];
  if (description) {
    try {
      const described = JSON.parse(library.strFromU8(description));
      return { content: contentOf(files, described), network: String(described.network) };
    } catch (error) {
      throw new Failure('archive-unreadable', { detail: messageOf(error) }, error);
    }
  }
  const found = picturesIn(files);
  if (found.length === 0) throw new Failure('archive-empty');
  return { files: found };
}

/**
 * @param {Record<string, Uint8Array>} files
 * @param {any} description
 * @returns {Content}
 */
function contentOf(files, description) {
  if (description.format !== FORMAT) throw new Error(`format ${description.format}`);
  const width = Number(description.width);
  const bytes = files[EMBEDDINGS] ?? new Uint8Array();
  const all = new Float32Array(bytes.slice().buffer);
  /** @type {Content['classes']} */
  const classes = description.classes.map((/** @type {any} */ each, /** @type {number} */ at) => ({
    id: at + 1,
    name: String(each.name),
    enabled: each.enabled !== false,
  }));
  let row = 0;
  /** @type {Content['pictures']} */
  const pictures = description.pictures.map((/** @type {Entry} */ { path, name, guess, place, embedded }, /** @type {number} */ at) => {
    const picture = files[path];
    if (!picture) throw new Error(`${path} is missing`);
    const embedding = embedded ? all.slice(row * width, (row + 1) * width) : null;
    if (embedded) row += 1;
    const useful = embedding?.length === width && width > 0;
    return {
      id: classes.length + 1 + at,
      name: String(name),
      thumbnail: new Blob([/** @type {Uint8Array<ArrayBuffer>} */ (picture)], { type: 'image/jpeg' }),
      embedding: useful ? embedding : null,
      guess: guess ?? null,
      place: place === null ? null : (classes[place]?.id ?? null),
    };
  });
  return { name: String(description.name), classes, pictures };
}

const PICTURE = /\.(jpe?g|png|webp|gif|avif|bmp)$/i;

/** @param {Record<string, Uint8Array>} files */
function picturesIn(files) {
  return Object.entries(files).flatMap(([path, bytes]) => {
    const parts = path.split('/');
    const name = parts[parts.length - 1] ?? '';
    // What the Mac's archiver leaves beside the pictures isn't meant.
    if (!PICTURE.test(name) || parts.some((part) => part.startsWith('.') || part === '__MACOSX')) return [];
    const folder = parts[parts.length - 2] ?? '';
    return folder ? [{ file: new File([/** @type {Uint8Array<ArrayBuffer>} */ (bytes)], name), folder }] : [];
  });
}

/**
 * Names of folders that every system takes, a different one for each class.
 *
 * @param {Content['classes']} classes
 * @returns {Map<number, string>}
 */
function foldersFor(classes) {
  const taken = new Set();
  return new Map(
    classes.map(({ id, name }) => {
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these, too, are none for a folder
      const clean = name.replace(/[\u0000-\u001f<>:"/\\|?*]/g, '_').replace(/^[.\s]+|[.\s]+$/g, '_') || '_';
      let free = clean;
      for (let number = 2; taken.has(free.toLowerCase()); number += 1) free = `${clean} ${number}`;
      taken.add(free.toLowerCase());
      return [id, free];
    }),
  );
}
