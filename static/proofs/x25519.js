// X25519: WebCrypto where it is there, RFC 7748 in plain JavaScript where it is not.

import { concat, unhex } from "./bytes.js";
import { P, fromLittle, inverse, mod, toLittle } from "./field25519.js";

const PKCS8 = unhex("302e020100300506032b656e04220420");
const BASE = Uint8Array.of(9, ...new Uint8Array(31));
let native = null;

/** Whether this browser's WebCrypto has X25519. @returns {Promise<boolean>} */
export function isNative() {
  native ??= crypto.subtle.importKey("raw", BASE, { name: "X25519" }, true, []).then(() => true, () => false);
  return native;
}

/** The Montgomery ladder. @param {Uint8Array} scalar @param {Uint8Array} point @returns {Uint8Array} */
export function ladder(scalar, point) {
  const clamped = scalar.slice();
  clamped[0] &= 248;
  clamped[31] = (clamped[31] & 127) | 64;
  const k = fromLittle(clamped);
  const u = mod(fromLittle(point) & ((1n << 255n) - 1n));
  let [x2, z2, x3, z3, swapped] = [1n, 0n, u, 1n, 0n];
  for (let bit = 254n; bit >= 0n; bit -= 1n) {
    const now = (k >> bit) & 1n;
    if (swapped ^ now) [x2, z2, x3, z3] = [x3, z3, x2, z2];
    swapped = now;
    const [a, b, c, d] = [x2 + z2, x2 - z2 + P, x3 + z3, x3 - z3 + P];
    const [aa, bb, da, cb] = [(a * a) % P, (b * b) % P, (d * a) % P, (c * b) % P];
    const e = aa - bb + P;
    x3 = ((da + cb) * (da + cb)) % P;
    z3 = (u * (((da - cb) * (da - cb)) % P)) % P;
    x2 = (aa * bb) % P;
    z2 = (e * (aa + 121665n * e)) % P;
  }
  if (swapped) [x2, z2] = [x3, z3];
  return toLittle(mod(x2 * inverse(z2)));
}

/**
 * The shared secret. Throws when it is all zeros, as for a point of small order.
 * @param {Uint8Array} secret @param {Uint8Array} point @param {{fallback?: boolean}} options
 */
export async function agree(secret, point, { fallback = false } = {}) {
  if (secret.length !== 32 || point.length !== 32) throw new Error("X25519 keys have 32 bytes");
  if (!fallback && (await isNative())) {
    const mine = await crypto.subtle.importKey("pkcs8", concat(PKCS8, secret), { name: "X25519" }, false, ["deriveBits"]);
    const theirs = await crypto.subtle.importKey("raw", point, { name: "X25519" }, true, []);
    return new Uint8Array(await crypto.subtle.deriveBits({ name: "X25519", public: theirs }, mine, 256));
  }
  const shared = ladder(secret, point);
  if (shared.every((byte) => byte === 0)) throw new Error("X25519: a point of small order");
  return shared;
}

/** The public key of a private one. @param {Uint8Array} secret @param {{fallback?: boolean}} options */
export const publicKey = (secret, options = {}) => agree(secret, BASE, options);
