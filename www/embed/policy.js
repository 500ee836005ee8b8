import { parse } from '../core/addresses.js';

/*
 * What this page may fetch. Its own policy has to allow any origin, for pictures and networks may be anywhere; the address
 * says which are really meant, and all others are forbidden here, before anything is fetched. Both policies hold.
 */

const asked = new URLSearchParams(location.search);
const named = [asked.get('src'), asked.get('model'), ...(asked.get('samples') ?? '').split(/\s+/), ...(asked.get('origins') ?? '').split(/\s+/)];
const sources = [...new Set(named.flatMap((address) => sourceOf(address)))];

const policy = document.createElement('meta');
policy.httpEquiv = 'Content-Security-Policy';
policy.content = ['connect-src', 'img-src'].map((what) => [what, "'self'", ...sources].join(' ')).join('; ');
document.head.append(policy);

/**
 * As a policy names it: an origin, or what is before the colon where there is none.
 *
 * @param {string | null} address
 * @returns {string[]} nothing where it is none, or of this site
 */
function sourceOf(address) {
  const found = address ? parse(address) : null;
  if (!found) return [];
  const { origin, protocol } = found;
  if (protocol === 'blob:' || protocol === 'data:') return [protocol];
  if (/[;,*']/.test(origin)) return []; // would be more than an origin in a policy
  return origin === location.origin || origin === 'null' ? [] : [origin];
}
