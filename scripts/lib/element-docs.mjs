// Makes of the comments on the element what is said of it elsewhere: the tables in www/docs/index.html and
// npm/README.md, which `node scripts/lib/element-docs.mjs` writes and a test compares, and the custom-elements manifest of
// the package (scripts/lib/package.mjs), in which editors and catalogues look it up.

import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
// @ts-expect-error: its types leave out what its documentation names.
import { create, ts } from '@custom-elements-manifest/analyzer/index.js';

/** What describes the element: the module that defines its tag, and its class. */
const SOURCES = ['www/element.js', 'www/element/glimpse-classifier.js'];
/** What the events carry. */
const DETAILS = 'www/element/types.d.ts';

/** @param {string} file relative to the top of the repository */
const read = (file) => String(readFileSync(new URL(`../../${file}`, import.meta.url)));

/** @typedef {{ name: string, description?: string, kind?: string, privacy?: string, type?: { text: string }, fieldName?: string, attribute?: string, parameters?: { name: string }[] }} Described */
/** @typedef {{ modules: { declarations: any[], exports: any[] }[] }} Manifest */
/** @typedef {Record<'members' | 'attributes' | 'events' | 'cssProperties' | 'cssParts', Described[]> & { superclass: { name: string } }} Declaration */

/**
 * The custom-elements manifest, https://custom-elements-manifest.open-wc.org. What isn't described isn't public.
 *
 * @param {(file: string) => string} [source]
 * @returns {Manifest}
 */
export function manifest(source = read) {
  const modules = SOURCES.map((file) => ts.createSourceFile(file, source(file), ts.ScriptTarget.ES2022, true));
  const made = JSON.parse(JSON.stringify(create({ modules })).replaceAll('"/www/', '"www/'));
  const element = declarationIn(made);
  for (const list of [element.members, element.attributes, element.events, element.cssProperties, element.cssParts]) {
    const described = list.filter(({ description, privacy }) => description && privacy !== 'private');
    for (const each of described) each.description = each.description?.replace(/\s+/g, ' ');
    list.splice(0, list.length, ...described);
  }
  for (const field of element.members.filter(({ kind }) => kind === 'field')) delete field.parameters; // those of its setter
  element.superclass = { name: 'HTMLElement' }; // in the source, something else stands for it where there are no elements
  return made;
}

/**
 * @param {Manifest} made
 * @returns {Declaration} the element in a manifest
 */
export function declarationIn(made) {
  return made.modules.flatMap(({ declarations }) => declarations).find(({ tagName }) => tagName === 'glimpse-classifier');
}

/**
 * The files with tables, each with its text as the comments want it now.
 *
 * @param {(file: string) => string} [source]
 * @returns {Map<string, string>} by path from the top of the repository
 */
export function documents(source = read) {
  const element = declarationIn(manifest(source));
  return new Map([
    ['www/docs/index.html', tablesIn(source('www/docs/index.html'), element, source(DETAILS))],
    ['npm/README.md', tableIn(source('npm/README.md'), element)],
  ]);
}

/**
 * @param {string} html
 * @param {Declaration} element
 * @param {string} types
 */
function tablesIn(html, element, types) {
  const methods = element.members.filter(({ kind }) => kind === 'method');
  const fields = element.members.filter(({ kind, attribute }) => kind === 'field' && !attribute);
  /** @type {Record<string, string[][]>} */
  const tables = {
    fields: fields.map((field) => [code(field.name), prose(field)]),
    attributes: element.attributes.map((attribute) => [code(attribute.name), code(propertyOf(attribute)), prose(attribute)]),
    methods: methods.map((method) => [code(`${method.name}(${(method.parameters ?? []).map(({ name }) => name).join(', ')})`), prose(method)]),
    events: element.events.map((event) => [code(event.name), prose(event), code(`{ ${fieldsOf(event, types).join(', ')} }`)]),
    properties: element.cssProperties.map((property) => [code(property.name), prose(property)]),
    parts: element.cssParts.map((part) => [code(part.name), prose(part)]),
  };
  return Object.entries(tables).reduce((text, [id, rows]) => {
    const lines = rows.map((cells) => `              <tr>${cells.map((cell) => `<td>${cell}</td>`).join('')}</tr>\n`);
    return replaced(text, new RegExp(`(<table id="${id}">[^]*?<tbody>\n)[^]*?( *</tbody>)`), lines.join(''));
  }, html);
}

/**
 * @param {string} markdown
 * @param {Declaration} element
 */
function tableIn(markdown, element) {
  const rows = element.attributes.map((attribute) => `| \`${attribute.name}\` | \`${propertyOf(attribute)}\` | ${attribute.description} |\n`);
  return replaced(markdown, /(\| attribute \| property \| \|\n\|---\|---\|---\|\n)(?:\|.*\n)*()/, rows.join(''));
}

/**
 * @param {string} text
 * @param {RegExp} place with what stands before and behind it
 * @param {string} rows
 */
function replaced(text, place, rows) {
  if (!place.test(text)) throw new Error(`There is no place for a table: ${place}`);
  return text.replace(place, (_, before, behind) => before + rows + behind);
}

/** @param {Described} attribute those of every element have no field of this class */
function propertyOf({ name, fieldName }) {
  return fieldName ?? name.replace(/-(\w)/g, (_, letter) => letter.toUpperCase());
}

/**
 * The names of what an event carries.
 *
 * @param {Described} event
 * @param {string} types
 */
function fieldsOf({ name, type }, types) {
  const detail = /<(\w+)>/.exec(type?.text ?? '')?.[1];
  const body = new RegExp(`interface ${detail} \\{([^}]*)\\}`).exec(types)?.[1];
  if (!body) throw new Error(`${DETAILS} doesn't say what ${name} carries.`);
  return [...body.matchAll(/^ *(\w+)\??:/gm)].map(([, field]) => field);
}

/** @param {string} text */
const escaped = (text) => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');

/** @param {string} text */
const code = (text) => `<code>${escaped(text)}</code>`;

/** @param {Described} described */
function prose({ description = '' }) {
  return description
    .split('`')
    .map((text, at) => (at % 2 ? code(text) : escaped(text).replaceAll("'", '’')))
    .join('');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [file, text] of documents()) writeFileSync(new URL(`../../${file}`, import.meta.url), text);
}
