import { GlimpseClassifier } from './element/glimpse-classifier.js';

/*
 * What a page names in its script tag: afterwards, `<glimpse-classifier>` works. Importing it outside a browser, as
 * programs do that render pages on a server, defines nothing and breaks nothing.
 */

if (typeof customElements === 'object' && !customElements.get('glimpse-classifier')) {
  customElements.define('glimpse-classifier', GlimpseClassifier);
}

export { GlimpseClassifier };
