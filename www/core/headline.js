/** @import { Words } from '../i18n/index.js' */
/** @import { ClassNames } from '../i18n/class-names.js' */
/** @import { Outcome } from './types.js' */

/*
 * What an answer comes down to, the same on the page and in the element: the most specific thing that it is sure of.
 */

/** @param {Outcome} outcome */
export function headlineOf({ ranked: [best], specific }) {
  return specific ?? best;
}

/**
 * The answer as two sentences: what it is, and how sure that is.
 *
 * @param {Outcome} outcome
 * @param {Words} words
 * @param {ClassNames} names
 */
export function inWords({ ranked: [best], sure, none, specific, vocabulary, info }, words, names) {
  if (!best) return { verdict: '', confidence: '' };
  const others = info.classes.length - 1;
  const kind = none ? words.noneOf(others) : names.thing(best.label);
  if (specific) {
    return {
      verdict: words.verdict(names.thing(specific.label), sure),
      confidence: words.specific(specific.probability, kind, best.probability),
    };
  }
  const wider = none ? vocabulary?.[0] : undefined;
  return {
    verdict: none ? words.verdictNone(others, sure) : words.verdict(kind, sure),
    confidence:
      wider && info.vocabulary
        ? words.instead(names.nameOf(wider.label), wider.probability, info.vocabulary.classes.length)
        : words.confidence(best.probability, sure, info.none !== null),
  };
}
