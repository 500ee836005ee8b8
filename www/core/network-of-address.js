import { ownModelId } from './models.js';
import { parse } from './addresses.js';

/** The network that the page's address names besides the site's own: `?model=classes.safetensors`. */
export function networkOfAddress() {
  const asked = new URLSearchParams(location.search).get('model');
  const weights = asked === null ? null : parse(asked);
  return weights && { id: ownModelId(weights), weights };
}
