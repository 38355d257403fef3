// Bytes and their one spelling: what is read is spelt again and compared, so that nothing has two forms.

/** The bytes are not the one spelling of a value. */
export class NotCanonical extends Error {
  name = "NotCanonical";
}

const encoder = new TextEncoder();
const decoder = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true });

/** @param {string} text @returns {Uint8Array} */
export const utf8 = (text) => encoder.encode(text);

/** The text of UTF-8 bytes. Throws NotCanonical when they are none. @param {Uint8Array} data */
export function fromUtf8(data) {
  try {
    return decoder.decode(data);
  } catch {
    throw new NotCanonical("not UTF-8");
  }
}

/** Bytes one after another; texts as UTF-8. @param {...(Uint8Array|string)} parts @returns {Uint8Array} */
export function concat(...parts) {
  const all = parts.map((part) => (typeof part === "string" ? utf8(part) : part));
  const joined = new Uint8Array(all.reduce((size, part) => size + part.length, 0));
  let at = 0;
  for (const part of all) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** @param {Uint8Array} a @param {Uint8Array} b */
export const equal = (a, b) => a.length === b.length && a.every((byte, at) => byte === b[at]);

/** @param {number} number */
export const u8 = (number) => Uint8Array.of(number);
/** Two bytes, big-endian. @param {number} number */
export const u16 = (number) => Uint8Array.of(number >> 8, number & 255);
/** Four bytes, big-endian. @param {number} number */
export const u32 = (number) => Uint8Array.of(number >>> 24, (number >> 16) & 255, (number >> 8) & 255, number & 255);

/** @param {number} length */
export const random = (length) => crypto.getRandomValues(new Uint8Array(length));

/** @param {Uint8Array} data */
export const hex = (data) => Array.from(data, (byte) => byte.toString(16).padStart(2, "0")).join("");

/** The bytes of lowercase hex. @param {unknown} text @param {number|null} length @param {string} what */
export function unhex(text, length = null, what = "hex") {
  if (typeof text !== "string" || !/^(?:[0-9a-f]{2})*$/.test(text) || (length !== null && text.length !== 2 * length)) {
    throw new NotCanonical(`${what}: not ${length ?? "whole"} bytes in lowercase hex`);
  }
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Standard base64 with padding. @param {Uint8Array} data */
export function b64(data) {
  let text = "";
  for (let at = 0; at < data.length; at += 32768) text += String.fromCharCode(...data.subarray(at, at + 32768));
  return btoa(text);
}

/** Standard base64, one spelling only. @param {unknown} text @param {string} what */
export function unb64(text, what = "base64") {
  let data = null;
  try {
    if (typeof text === "string") data = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    // Said below, in the same words as a second spelling.
  }
  if (data === null || b64(data) !== text) throw new NotCanonical(`${what}: not base64 in its one spelling`);
  return data;
}

/** Base64url without padding. @param {Uint8Array} data */
export const b64u = (data) => b64(data).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/** The bytes of unpadded base64url. @param {unknown} text @param {number|null} length @param {string} what */
export function unb64u(text, length = null, what = "base64url") {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) {
    throw new NotCanonical(`${what}: not base64url`);
  }
  const padded = text.replaceAll("-", "+").replaceAll("_", "/") + "=".repeat(-text.length & 3);
  const data = unb64(padded, what);
  if (length !== null && data.length !== length) throw new NotCanonical(`${what}: ${data.length} bytes, must be ${length}`);
  return data;
}

/** H: SHA-256 over the concatenation of the parts. @param {...(Uint8Array|string)} parts @returns {Promise<Uint8Array>} */
export async function sha256(...parts) {
  return new Uint8Array(await crypto.subtle.digest("SHA-256", concat(...parts)));
}
