/*
 * Biome formats the style sheets and knows their grammar (biome.jsonc); this adds what a style guide says beyond that:
 * notations, names, selectors and declarations that stand twice. The standard rules, but:
 */
export default {
  extends: 'stylelint-config-standard',
  rules: {
    // Chrome before 104 doesn't know `(width >= 56rem)`; `browserslist` in package.json says which are the oldest browsers.
    'media-feature-range-notation': 'prefix',
    // Safari knows this one by its old name alone.
    'property-no-vendor-prefix': [true, { ignoreProperties: ['-webkit-text-size-adjust'] }],
    // It compares selectors that never meet in one element, as Biome's rule of the same name does.
    'no-descending-specificity': null,
  },
  reportNeedlessDisables: true,
};
