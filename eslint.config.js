import compat from 'eslint-plugin-compat';

/** What signals have since Chrome 100 and Firefox 97; the compat rule knows no types, and so not what a signal is. */
const ABORT = "signals of old browsers don't know it: www/core/abort.js does";

/*
 * Biome checks the JavaScript (biome.jsonc); this adds the one thing it can't: whether the oldest browsers that
 * `browserslist` in package.json names have the APIs that the front end calls.
 */
export default [
  {
    files: ['www/**/*.js'],
    plugins: { compat },
    rules: {
      'compat/compat': 'error',
      'no-restricted-syntax': [
        'error',
        { selector: 'MemberExpression[property.name="throwIfAborted"]', message: ABORT },
        { selector: 'MemberExpression[property.name="reason"]:matches([object.name=/signal$/i], [object.property.name="signal"])', message: ABORT },
        { selector: 'CallExpression[callee.property.name="abort"][arguments.length>0]', message: ABORT },
      ],
    },
    settings: { lintAllEsApis: true },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
  { files: ['www/core/abort.js'], rules: { 'no-restricted-syntax': 'off' } },
];
