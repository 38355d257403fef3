// What is said of a row of the opening table, and saying it on the reader's own device.

import { spoken as said } from "../../parts/yuan.js";
import { terms, tr } from "../../parts/words.js";

const voices = globalThis.speechSynthesis;

/** The sentence of a row, by its place in the table. @param {Element} row @param {number} index */
export function sentence(row, index) {
  const cell = (label) => row.querySelector(`[data-label="${label}"]`)?.firstChild?.textContent.trim() ?? "";
  const [name, price, delivery] = [cell(tr`${terms.bidder}`), cell(tr`${terms.price}（元）`), cell(tr`交货期`)];
  return !price || price === "—" ? tr`第 ${index + 1} 家，${name}，没有读出报价。`
    : tr`第 ${index + 1} 家，${name}，${terms.price} ${said(price)}，交货期 ${delivery}。`;
}

export const canSpeak = () => Boolean(voices?.getVoices().length);
export const hush = () => voices?.cancel();

/** Say it. @param {string} text @param {number} rate @param {{end?: () => void, error?: () => void}} then */
export function say(text, rate, { end, error } = {}) {
  const words = new SpeechSynthesisUtterance(text);
  words.lang = "zh-CN";
  words.rate = rate;
  words.voice = voices.getVoices().find(({ lang }) => lang.replace("_", "-").startsWith("zh")) ?? null;
  if (end) words.addEventListener("end", end);
  if (error) words.addEventListener("error", error);
  voices.speak(words);
}
