// HMAC and HKDF (RFC 5869) on WebCrypto.

import { concat, u8 } from "./bytes.js";

const SIZE = { "SHA-256": 32, "SHA-512": 64 };

/** @param {Uint8Array} raw @param {string} hash @returns {Promise<CryptoKey>} not extractable */
export function hmacKey(raw, hash = "SHA-256") {
  // HMAC fills a short key up with zeros, and WebCrypto takes no empty one.
  return crypto.subtle.importKey("raw", raw.length ? raw : new Uint8Array(SIZE[hash]), { name: "HMAC", hash }, false, ["sign"]);
}

/** @param {CryptoKey} key @param {Uint8Array} data @returns {Promise<Uint8Array>} */
export async function hmac(key, data) {
  return new Uint8Array(await crypto.subtle.sign("HMAC", key, data));
}

/** @param {Uint8Array} salt @param {Uint8Array} ikm */
export const extract = async (salt, ikm, hash = "SHA-256") => hmac(await hmacKey(salt, hash), ikm);

/** HKDF-Expand. @param {Uint8Array} prk @param {Uint8Array} info @param {number} length */
export async function expand(prk, info, length, hash = "SHA-256") {
  const key = await hmacKey(prk, hash);
  let block = new Uint8Array(0);
  let out = block;
  for (let count = 1; out.length < length; count += 1) {
    block = await hmac(key, concat(block, info, u8(count)));
    out = concat(out, block);
  }
  return out.slice(0, length);
}

/** HKDF-SHA256. @param {Uint8Array} salt @param {Uint8Array} ikm @param {Uint8Array} info @param {number} length */
export const hkdf = async (salt, ikm, info, length) => expand(await extract(salt, ikm), info, length);
