// Making elements without ever turning text into markup.
import { tr } from "./words.js";

/**
 * An element. Properties are set as attributes; `on…` are listeners; true and false put an attribute there or not.
 * @param {string} tag @param {Object<string, any>} attributes @param {...(Node|string|null)} children
 */
export function el(tag, attributes = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) made.addEventListener(name.slice(2), value);
    else if (value === true) made.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(name, String(value));
  }
  made.append(...children.filter((child) => child !== null && child !== undefined));
  return made;
}

/** A message in its tone: ok, warn, bad or info. @param {string} tone @param {...(Node|string)} children */
export const say = (tone, ...children) => el("p", { class: `say say--${tone}` }, ...children);

let count = 0;

/**
 * A labelled field with its help beneath the label.
 * @param {string} label @param {HTMLElement} input @param {{help?: string, optional?: boolean, check?: boolean}} options
 */
export function field(label, input, { help = "", optional = false, check = false } = {}) {
  count += 1;
  input.id ||= `field-${count}`;
  const named = el("label", { for: input.id }, label, optional ? el("span", { class: "field__optional" }, tr`（选填）`) : null);
  const told = help ? el("p", { class: "field__help", id: `${input.id}-help` }, help) : null;
  if (told) input.setAttribute("aria-describedby", told.id);
  return check
    ? el("div", { class: "field field--check" }, input, named, told)
    : el("div", { class: "field" }, named, told, input);
}

/** Hand the reader a file. @param {string} name @param {BlobPart[]} parts @param {string} type */
export function download(name, parts, type = "text/plain;charset=utf-8") {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  el("a", { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}

/** A part of a bid in words. */
export const PART_WORDS = { sheet: tr`开标一览表`, body: tr`商务技术文件`, tech: tr`技术文件`, price: tr`报价文件` };

/** 12 characters are enough to compare a hash by eye; the whole is in the title. @param {string} text */
export const digest = (text) => el("code", { title: text }, `${text.slice(0, 6)}…${text.slice(-6)}`);
