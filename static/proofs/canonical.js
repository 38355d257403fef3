// RFC 8785 JSON, stricter: no floats, integers 0…2^53−1, NFC text. One spelling for everything that is hashed or signed.

import { NotCanonical, concat, fromUtf8, unb64u, unhex, utf8 } from "./bytes.js";

export { NotCanonical };

// What needs no escape and is NFC whatever else it is; nearly every text here is such a one.
const PLAIN = /^[ !#-[\]-~]*$/;

function spell(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "number") {
    if (!Number.isSafeInteger(value) || value < 0) throw new NotCanonical(`${value}: not an integer 0…2^53−1`);
    return String(value);
  }
  if (typeof value === "string") {
    if (PLAIN.test(value)) return `"${value}"`;
    if (!value.isWellFormed() || value.normalize("NFC") !== value) throw new NotCanonical("text is not NFC Unicode");
    return JSON.stringify(value);
  }
  if (Array.isArray(value)) return `[${value.map(spell).join(",")}]`;
  if (typeof value === "object" && Object.getPrototypeOf(value) === Object.prototype) {
    // Default sorting is by UTF-16 code units, which is what RFC 8785 asks for.
    return `{${Object.keys(value).sort().map((key) => `${spell(key)}:${spell(value[key])}`).join(",")}}`;
  }
  throw new NotCanonical(`${typeof value} has no canonical spelling`);
}

/** The canonical text of a value. @param {unknown} value @returns {string} */
export const text = (value) => spell(value);

/** The canonical bytes of a value. @param {unknown} value @returns {Uint8Array} */
export const dumps = (value) => utf8(spell(value));

/** The value these bytes spell. Throws NotCanonical when they are not its one spelling. @param {Uint8Array} data */
export function parse(data) {
  const written = fromUtf8(data);
  let value;
  try {
    value = JSON.parse(written);
  } catch {
    throw new NotCanonical("not JSON");
  }
  if (spell(value) !== written) throw new NotCanonical("not the canonical spelling of its value");
  return value;
}

/** The value, an object with exactly these keys. @param {unknown} value @param {string[]} keys @param {string} what */
export function requireKeys(value, keys, what) {
  if (value === null || typeof value !== "object" || Array.isArray(value)) throw new NotCanonical(`${what}: not an object`);
  const own = Object.keys(value);
  if (own.length !== keys.length || !keys.every((key) => Object.hasOwn(value, key))) {
    throw new NotCanonical(`${what}: has keys ${own.sort()}, must have exactly ${[...keys].sort()}`);
  }
  return value;
}

/** The value, an integer low…high. @param {unknown} value @param {number} low @param {number} high @param {string} what */
export function integer(value, low, high, what) {
  if (!Number.isSafeInteger(value) || value < low || value > high) {
    throw new NotCanonical(`${what}: not an integer ${low}…${high}`);
  }
  return value;
}

/** The value, NFC text of 1…longest characters without control characters. @param {unknown} value @param {string} what */
export function plain(value, what, longest = 255) {
  if (typeof value === "string" && value !== "" && value.length <= longest && PLAIN.test(value)) return value;
  if (typeof value !== "string" || value === "" || [...value].length > longest) {
    throw new NotCanonical(`${what}: not a text of 1…${longest} characters`);
  }
  if (value.normalize("NFC") !== value || /[\p{Cc}\p{Cs}]/u.test(value)) {
    throw new NotCanonical(`${what}: not NFC text without control characters`);
  }
  return value;
}

/** The value, a list. @param {unknown} value @param {string} what @returns {any[]} */
export function list(value, what) {
  if (!Array.isArray(value)) throw new NotCanonical(`${what}: not a list`);
  return value;
}

/** @param {unknown} value @param {number} length @param {string} what */
export const hexBytes = (value, length, what) => unhex(value, length, what);
/** @param {unknown} value @param {string} what @param {number|null} length */
export const b64uBytes = (value, what, length = null) => unb64u(value, length, what);

/** Whether two values have one spelling. @param {unknown} a @param {unknown} b */
export const same = (a, b) => spell(a) === spell(b);

/** label ‖ 0x00 ‖ parts. @param {string} label @param {...Uint8Array} parts */
export const labelled = (label, ...parts) => concat(`${label}\0`, ...parts);
