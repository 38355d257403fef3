// HPKE (RFC 9180), base mode, one message: DHKEM(X25519, HKDF-SHA256), HKDF-SHA256, AES-256-GCM.

import { concat, random, u16, u8, utf8 } from "./bytes.js";
import { expand, extract } from "./hkdf.js";
import { agree, publicKey } from "./x25519.js";

const KEM = concat("KEM", u16(0x0020));
const SUITE = concat("HPKE", u16(0x0020), u16(0x0001), u16(0x0002));
const NONE = new Uint8Array(0);

const labelledExtract = (suite, salt, label, ikm) => extract(salt, concat("HPKE-v1", suite, label, ikm));
const labelledExpand = (suite, prk, label, info, length) =>
  expand(prk, concat(u16(length), "HPKE-v1", suite, label, info), length);

async function sharedSecret(dh, enc, recipient) {
  const prk = await labelledExtract(KEM, NONE, "eae_prk", dh);
  return labelledExpand(KEM, prk, "shared_secret", concat(enc, recipient), 32);
}

async function keyAndNonce(secret, info) {
  const context = concat(
    u8(0),
    await labelledExtract(SUITE, NONE, "psk_id_hash", NONE),
    await labelledExtract(SUITE, NONE, "info_hash", info),
  );
  const prk = await labelledExtract(SUITE, secret, "secret", NONE);
  const raw = await labelledExpand(SUITE, prk, "key", context, 32);
  const iv = await labelledExpand(SUITE, prk, "base_nonce", context, 12);
  return [await crypto.subtle.importKey("raw", raw, "AES-GCM", false, ["encrypt", "decrypt"]), iv];
}

/**
 * enc ‖ ciphertext for the owner of a public key.
 * @param {Uint8Array} message @param {Uint8Array} recipient @param {Uint8Array} info
 * @param {{ephemeral?: Uint8Array, fallback?: boolean}} options ephemeral: for known answers only
 */
export async function seal(message, recipient, info, { ephemeral = random(32), fallback = false } = {}) {
  const enc = await publicKey(ephemeral, { fallback });
  const dh = await agree(ephemeral, recipient, { fallback });
  const [key, iv] = await keyAndNonce(await sharedSecret(dh, enc, recipient), info);
  return concat(enc, new Uint8Array(await crypto.subtle.encrypt({ name: "AES-GCM", iv }, key, message)));
}

/**
 * The message, or null when it does not open.
 * @param {Uint8Array} sealed enc ‖ ciphertext @param {Uint8Array} secret @param {Uint8Array} info
 */
export async function open(sealed, secret, info, { fallback = false } = {}) {
  try {
    const enc = sealed.slice(0, 32);
    const dh = await agree(secret, enc, { fallback });
    const mine = await publicKey(secret, { fallback });
    const [key, iv] = await keyAndNonce(await sharedSecret(dh, enc, mine), info);
    return new Uint8Array(await crypto.subtle.decrypt({ name: "AES-GCM", iv }, key, sealed.slice(32)));
  } catch {
    return null; // any failure whatsoever is the same verdict: it does not open
  }
}

/** The text HPKE users bind a message to. @param {...(Uint8Array|string)} parts */
export const info = (...parts) => concat(...parts.map((part) => (typeof part === "string" ? utf8(part) : part)));
