// What a check says: plain sentences, each with its mark.

import { el, say } from "../../parts/dom.js";
import { tr } from "../../parts/words.js";

const line = (mark) => (words, detail) => el("li", { class: mark }, words, detail ? el("small", {}, detail) : null);

/** It holds. @type {(words: string, detail?: string) => HTMLElement} */
export const tick = line("is-done");
/** It does not hold. @type {(words: string, detail?: string) => HTMLElement} */
export const cross = line("is-bad");
/** It cannot be said, or not yet. @type {(words: string, detail?: string) => HTMLElement} */
export const open = line("is-missing");

/**
 * Put a check's answer into the place of answers.
 * @param {HTMLElement} place @param {string} title @param {HTMLElement[]} lines @param {string} evidence
 */
export function show(place, title, lines, evidence = "") {
  const held = lines.every((one) => !one.classList.contains("is-bad"));
  place.append(el("section", { class: "stack", "data-holds": String(held) },
    say(held ? "ok" : "bad", `${title}：${held ? tr`成立` : tr`不成立`}`),
    el("ul", { class: "checks" }, ...lines),
    evidence ? el("details", { class: "fold" }, el("summary", {}, tr`依据`), el("pre", { class: "mono small", tabindex: 0 }, evidence)) : null));
}
