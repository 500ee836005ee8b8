// The line in the page's foot that says which version it is, and where its source is.

/**
 * @param {string} manifest the text of Cargo.toml
 * @returns {string} HTML
 */
export function versionLine(manifest) {
  const [, section = ''] = /^\[package\]\n([\s\S]*?)(?=^\[|$(?![\s\S]))/m.exec(manifest) ?? [];
  const named = (/** @type {string} */ key) => new RegExp(`^${key} *= *"([^"]*)"`, 'm').exec(section)?.[1];
  const [version, repository] = ['version', 'repository'].map(named);
  if (!version) throw new Error('Cargo.toml names no version');
  const address = repository?.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const source = address ? ` <a href="${address}" data-word="sourceCode">Source code</a>` : '';
  return `<p id="version">glimpse ${version}${source}</p>`;
}
