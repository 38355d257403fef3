// The key file: a seed under a passphrase as a compact JWE, PBES2-HS512+A256KW and A256GCM (RFC 7516, RFC 7518 §4.8).

import { NotCanonical, b64u, concat, random, unb64u, utf8 } from "./bytes.js";
import * as canonical from "./canonical.js";
import { Organisation } from "./organisation.js";

const ALG = "PBES2-HS512+A256KW";
const ENC = "A256GCM";
export const FEWEST = 600_000;
export const MOST = 10_000_000;

/** The passphrase does not open this key file, or the file was altered: nobody can tell which. */
export class WrongPassphrase extends Error {
  name = "WrongPassphrase";
}

async function wrappingKey(passphrase, salt, iterations) {
  const password = utf8(passphrase.normalize("NFKC"));
  const base = await crypto.subtle.importKey("raw", password, "PBKDF2", false, ["deriveKey"]);
  const how = { name: "PBKDF2", hash: "SHA-512", salt: concat(`${ALG}\0`, salt), iterations };
  return crypto.subtle.deriveKey(how, base, { name: "AES-KW", length: 256 }, false, ["wrapKey", "unwrapKey"]);
}

/**
 * The key file's text. @param {string} org @param {number} gen @param {Uint8Array} seed @param {string} passphrase
 */
export async function create(org, gen, seed, passphrase, iterations = FEWEST) {
  const [salt, iv] = [random(16), random(12)];
  const header = b64u(canonical.dumps({ alg: ALG, enc: ENC, p2c: iterations, p2s: b64u(salt) }));
  const content = await crypto.subtle.generateKey({ name: "AES-GCM", length: 256 }, true, ["encrypt"]);
  const wrapping = await wrappingKey(passphrase, salt, iterations);
  const wrapped = new Uint8Array(await crypto.subtle.wrapKey("raw", content, wrapping, "AES-KW"));
  const text = canonical.dumps({ v: "seed/1", org, gen, seed: b64u(seed) });
  const how = { name: "AES-GCM", iv, additionalData: utf8(header) };
  const sealed = new Uint8Array(await crypto.subtle.encrypt(how, content, text));
  return [header, b64u(wrapped), b64u(iv), b64u(sealed.slice(0, -16)), b64u(sealed.slice(-16))].join(".");
}

/**
 * The organisation key in a key file.
 * Throws NotCanonical when the text is not exactly such a file, WrongPassphrase when it does not open.
 * @param {string} text @param {string} passphrase @returns {Promise<Organisation>}
 */
export async function open(text, passphrase) {
  const { org, gen, seed } = await openSeed(text, passphrase);
  return Organisation.of(org, gen, seed);
}

/**
 * The bare seed in a key file, for its recovery sheet alone: whoever asks overwrites it when he is done.
 * Throws as `open`. @param {string} text @param {string} passphrase
 * @returns {Promise<{org: string, gen: number, seed: Uint8Array}>}
 */
export async function openSeed(text, passphrase) {
  const written = text.trim();
  const parts = written.split(".");
  if (parts.length !== 5) throw new NotCanonical("key file: not a compact JWE of five parts");
  const [header, wrapped, iv, sealed, tag] = parts.map((part) => unb64u(part, null, "key file"));
  const names = canonical.requireKeys(canonical.parse(header), ["alg", "enc", "p2c", "p2s"], "key file header");
  if (names.alg !== ALG || names.enc !== ENC) throw new NotCanonical(`key file: not ${ALG} with ${ENC}`);
  const salt = unb64u(names.p2s, 16, "p2s");
  const iterations = canonical.integer(names.p2c, FEWEST, MOST, "p2c");
  if (wrapped.length !== 40 || iv.length !== 12 || tag.length !== 16) {
    throw new NotCanonical("key file: a part has the wrong length");
  }
  let content;
  try {
    const wrapping = await wrappingKey(passphrase, salt, iterations);
    const key = await crypto.subtle.unwrapKey("raw", wrapped, wrapping, "AES-KW", "AES-GCM", false, ["decrypt"]);
    const how = { name: "AES-GCM", iv, additionalData: utf8(parts[0]) };
    content = new Uint8Array(await crypto.subtle.decrypt(how, key, concat(sealed, tag)));
  } catch {
    throw new WrongPassphrase("the passphrase does not open this key file");
  }
  const seed = canonical.requireKeys(canonical.parse(content), ["v", "org", "gen", "seed"], "seed");
  if (seed.v !== "seed/1") throw new NotCanonical("key file: holds no seed/1");
  return { org: seed.org, gen: seed.gen, seed: unb64u(seed.seed, 32, "seed") };
}
