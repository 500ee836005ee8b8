/**
 * An error that a person will read. It carries a code and facts, not a sentence: `i18n/` turns it into one.
 */
export class Failure extends Error {
  /**
   * @param {string} code a key of `failures` in `i18n/`
   * @param {Record<string, string | number>} [facts]
   * @param {unknown} [cause]
   */
  constructor(code, facts = {}, cause = undefined) {
    super(code, { cause });
    this.name = 'Failure';
    this.code = code;
    this.facts = facts;
  }
}

/**
 * What an unknown thrown thing says.
 * @param {unknown} thrown
 * @returns {string}
 */
export function messageOf(thrown) {
  if (thrown instanceof Failure) {
    const { detail, file, status } = thrown.facts;
    return String(detail ?? (status ? `${file}: ${status}` : thrown.code));
  }
  return thrown instanceof Error ? thrown.message : String(thrown);
}

/** Failures that are about one picture; after any other one there is no use in going on with the next. */
const OF_A_PICTURE = ['file-empty', 'file-unreadable', 'file-kind', 'picture-too-large', 'canvas-refused', 'photo-refused', 'crashed'];

/**
 * @param {unknown} thrown
 * @returns {thrown is Failure} whether only the picture is at fault
 */
export function isOfPicture(thrown) {
  return thrown instanceof Failure && OF_A_PICTURE.includes(thrown.code);
}

/**
 * @param {unknown} thrown
 * @returns {boolean} whether somebody no longer wants the answer
 */
export function isAbort(thrown) {
  return thrown instanceof DOMException && thrown.name === 'AbortError';
}
