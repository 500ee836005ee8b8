/*
 * What is taught: classes and their pictures. It knows nothing of a page, a network or where anything is kept.
 */

/**
 * A picture, of which the photo itself isn't kept.
 *
 * @typedef {object} Picture
 * @property {number} id
 * @property {string} name that of its file
 * @property {Blob} thumbnail
 * @property {Float32Array | null} embedding null until the network has looked at it
 * @property {string | null} guess the network's own name for what it shows
 * @property {number | null} place the class that it is in, null where it is in none yet
 */

/**
 * @typedef {object} Class
 * @property {number} id
 * @property {string} name
 * @property {boolean} enabled whether it is taught
 */

/**
 * What a change was about; of pictures, which ones.
 *
 * @typedef {object} Change
 * @property {boolean} classes whether classes have come, gone or become others
 * @property {readonly number[]} pictures those that have come or become others
 * @property {readonly number[]} removed those that have gone
 */

/** Why a class can't be called so. */
/** @typedef {'empty' | 'taken'} NameTrouble */

/** What is kept of a project, and of what another is made. */
/** @typedef {{ name: string, classes: Class[], pictures: Picture[] }} Content */

/** A `change` event, with a `Change` as its detail, follows every change. */
export class Project extends EventTarget {
  #name = '';
  /** @type {Class[]} */
  #classes = [];
  /** @type {Map<number, Picture>} */
  #pictures = new Map();
  #last = 0;

  /** What it is called; empty where nobody has called it anything. */
  get name() {
    return this.#name;
  }

  set name(name) {
    if (name === this.#name) return;
    this.#name = name;
    this.#changed({ classes: true });
  }

  /** @returns {readonly Class[]} in their order */
  get classes() {
    return this.#classes;
  }

  /** @returns {readonly Picture[]} in the order in which they came */
  get pictures() {
    return [...this.#pictures.values()];
  }

  /** @param {number} id */
  picture(id) {
    return this.#pictures.get(id) ?? null;
  }

  /** @param {number | null} id */
  class(id) {
    return this.#classes.find((each) => each.id === id) ?? null;
  }

  /** @param {number | null} place a class, or null for the pictures that are in none */
  picturesOf(place) {
    return this.pictures.filter((picture) => picture.place === place);
  }

  /** @param {string} name */
  classNamed(name) {
    const wanted = tidy(name);
    return this.#classes.find((each) => each.name === wanted) ?? null;
  }

  /**
   * Why a class can't be called so; null where it can.
   *
   * @param {string} name
   * @param {number | null} [self] the class that is to be called so
   * @returns {NameTrouble | null}
   */
  troubleWith(name, self = null) {
    if (!tidy(name)) return 'empty';
    const other = this.classNamed(name);
    return other && other.id !== self ? 'taken' : null;
  }

  /**
   * A new class. Where there is one of that name, its name gets a number.
   * @param {string} name
   * @returns {Class}
   */
  addClass(name) {
    const wanted = tidy(name) || '?';
    let free = wanted;
    for (let number = 2; this.classNamed(free); number += 1) free = `${wanted} ${number}`;
    const made = { id: ++this.#last, name: free, enabled: true };
    this.#classes.push(made);
    this.#changed({ classes: true });
    return made;
  }

  /**
   * @param {number} id
   * @param {string} name
   * @returns {NameTrouble | null} where it isn't called so after all, why
   */
  renameClass(id, name) {
    const found = this.class(id);
    const trouble = this.troubleWith(name, id);
    if (!found || trouble) return trouble;
    if (found.name === tidy(name)) return null;
    found.name = tidy(name);
    this.#changed({ classes: true });
    return null;
  }

  /**
   * @param {number} id
   * @param {boolean} enabled
   */
  enableClass(id, enabled) {
    const found = this.class(id);
    if (!found || found.enabled === enabled) return;
    found.enabled = enabled;
    this.#changed({ classes: true });
  }

  /**
   * Removes a class and its pictures.
   * @param {number} id
   */
  removeClass(id) {
    const at = this.#classes.findIndex((each) => each.id === id);
    if (at < 0) return;
    this.#classes.splice(at, 1);
    const removed = this.picturesOf(id).map((picture) => picture.id);
    for (const each of removed) this.#pictures.delete(each);
    this.#changed({ classes: true, removed });
  }

  /**
   * @param {Omit<Picture, 'id'>} picture
   * @returns {Picture | null} null where its class has gone meanwhile
   */
  addPicture(picture) {
    if (picture.place !== null && !this.class(picture.place)) return null;
    const added = { ...picture, id: ++this.#last };
    this.#pictures.set(added.id, added);
    this.#changed({ pictures: [added.id] });
    return added;
  }

  /**
   * What the network has made of a picture that was there before.
   *
   * @param {number} id
   * @param {Float32Array} embedding
   * @param {string | null} guess
   */
  describePicture(id, embedding, guess) {
    const picture = this.#pictures.get(id);
    if (!picture) return;
    Object.assign(picture, { embedding, guess });
    this.#changed({ pictures: [id] });
  }

  /** Another network has come, which sees everything differently. */
  forgetEmbeddings() {
    for (const picture of this.#pictures.values()) picture.embedding = null;
    this.#changed({ pictures: [...this.#pictures.keys()] });
  }

  /**
   * @param {readonly number[]} ids
   * @param {number | null} place
   */
  movePictures(ids, place) {
    if (place !== null && !this.class(place)) return;
    const moved = ids.flatMap((id) => this.#pictures.get(id) ?? []).filter((picture) => picture.place !== place);
    for (const picture of moved) picture.place = place;
    if (moved.length > 0) this.#changed({ pictures: moved.map(({ id }) => id) });
  }

  /** @param {readonly number[]} ids */
  removePictures(ids) {
    const removed = ids.filter((id) => this.#pictures.delete(id));
    if (removed.length > 0) this.#changed({ removed });
  }

  /**
   * Puts something else in the place of all that there is. Ids stay what they are.
   * @param {Content} content
   */
  load({ name, classes, pictures }) {
    const removed = [...this.#pictures.keys()];
    this.#name = name;
    this.#classes = classes.map((each) => ({ ...each }));
    this.#pictures = new Map(pictures.map((picture) => [picture.id, { ...picture }]));
    this.#last = [...this.#classes, ...this.#pictures.values()].reduce((last, { id }) => Math.max(last, id), this.#last);
    this.#changed({ classes: true, pictures: [...this.#pictures.keys()], removed: removed.filter((id) => !this.#pictures.has(id)) });
  }

  clear() {
    this.load({ name: '', classes: [], pictures: [] });
  }

  /** @param {Partial<Change>} change */
  #changed({ classes = false, pictures = [], removed = [] }) {
    this.dispatchEvent(new CustomEvent('change', { detail: { classes, pictures, removed } }));
  }
}

/**
 * Names are compared as people read them.
 * @param {string} name
 */
function tidy(name) {
  return name.normalize('NFC').replace(/\s+/g, ' ').trim();
}
