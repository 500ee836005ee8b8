import compat from 'eslint-plugin-compat';

/*
 * Biome checks the JavaScript (biome.jsonc); this adds the one thing it can't: whether the oldest browsers that
 * `browserslist` in package.json names have the APIs that the front end calls.
 */
export default [
  {
    files: ['www/**/*.js'],
    plugins: { compat },
    rules: { 'compat/compat': 'error' },
    settings: { lintAllEsApis: true },
    linterOptions: { reportUnusedDisableDirectives: 'error' },
  },
];
