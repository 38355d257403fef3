/**
 * The words of scripts, in the reader's language: tr`还差 ${n} 项`.
 *
 * The Chinese sentence, with {0} {1} … where values stand, is the key of the catalogue that the page carries for
 * other languages; a sentence without a translation stays as it is. Workers have no page and speak Chinese.
 */

const kept = typeof document === "undefined" ? null : document.getElementById("script-words");
/** @type {Record<string, string>} */
const catalogue = kept ? JSON.parse(kept.textContent ?? "{}") : {};

/**
 * A sentence with its values put in.
 * @param {TemplateStringsArray} parts
 * @param {...unknown} values
 * @returns {string}
 */
export function tr(parts, ...values) {
  const key = parts.reduce((said, part, at) => `${said}{${at - 1}}${part}`);
  const sentence = catalogue[key] ?? key;
  return sentence.replace(/\{(\d+)\}/g, (hole, at) => (at < values.length ? String(values[at]) : hole));
}
