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

/** What the law of the purchase calls things; the page carries its row (rulebook/terms.py), other pages use 87号令. */
const USUAL = {
  buyer: tr`采购人`, bidder: tr`投标人`, bid: tr`投标`, file: tr`投标文件`, documents: tr`招标文件`, tender: tr`招标`,
  deadline: tr`投标截止`, closing: tr`截标`, opening: tr`开标`, sheet: tr`开标一览表`, published: tr`开标时当众公布`, price: tr`投标报价`, read_out: tr`唱标`,
  seal: tr`封标`, guarantee: tr`投标保证金`, evaluation: tr`评标`, panel: tr`评标委员会`, award: tr`中标`, winner: tr`中标人`,
  candidate: tr`中标候选人`, failure: tr`流标`,
};
const row = typeof document === "undefined" ? null : document.getElementById("script-terms");
/** @type {typeof USUAL} */
export const terms = row ? JSON.parse(row.textContent ?? "{}") : USUAL;
