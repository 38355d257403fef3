// Ed25519 with one strict rule of verification, the same as in the Python half: S < L, no small-order and no
// non-canonical points. WebCrypto where it is there, RFC 8032 in plain JavaScript where it is not.

import { b64u, concat, equal, unb64u, unhex } from "./bytes.js";
import { P, fromLittle, inverse, mod, power, toLittle } from "./field25519.js";

const L = (1n << 252n) + 27742317777372353535851937790883648493n;
const D = mod(-121665n * inverse(121666n));
const ROOT = power(2n, (P - 1n) / 4n); // a square root of −1
const PKCS8 = unhex("302e020100300506032b657004220420");
const SMALL_ORDER = new Set([
  0n, 1n, P - 1n,
  fromLittle(unhex("26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05")),
  fromLittle(unhex("c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a")),
]);
let native = null;

/** Whether this browser's WebCrypto has Ed25519. @returns {Promise<boolean>} */
export function isNative() {
  const key = unhex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  native ??= crypto.subtle.importKey("raw", key, { name: "Ed25519" }, true, ["verify"]).then(() => true, () => false);
  return native;
}

const importPrivate = (seed, extractable) =>
  crypto.subtle.importKey("pkcs8", concat(PKCS8, seed), { name: "Ed25519" }, extractable, ["sign"]);

/** @param {Uint8Array} seed 32 bytes @param {{fallback?: boolean}} options @returns {Promise<Uint8Array>} */
export async function publicKey(seed, { fallback = false } = {}) {
  if (!fallback && (await isNative())) {
    return unb64u((await crypto.subtle.exportKey("jwk", await importPrivate(seed, true))).x, 32, "x");
  }
  return encode(multiply(base(), (await halves(seed)).scalar));
}

/** @param {Uint8Array} seed @param {Uint8Array} message @param {{fallback?: boolean}} options */
export async function sign(seed, message, { fallback = false } = {}) {
  if (!fallback && (await isNative())) {
    return new Uint8Array(await crypto.subtle.sign("Ed25519", await importPrivate(seed, false), message));
  }
  const { scalar, prefix } = await halves(seed);
  const key = encode(multiply(base(), scalar));
  const nonce = await sha512(prefix, message);
  const point = encode(multiply(base(), nonce));
  return concat(point, toLittle(mod(nonce + (await sha512(point, key, message)) * scalar, L)));
}

/**
 * True when the signature is the key's over the message, by the strict rules.
 * @param {Uint8Array} key @param {Uint8Array} signature @param {Uint8Array} message @param {{fallback?: boolean}} options
 */
export async function verify(key, signature, message, { fallback = false } = {}) {
  if (key.length !== 32 || signature.length !== 64) return false;
  const [point, scalar] = [signature.subarray(0, 32), fromLittle(signature.subarray(32))];
  if (!isSound(key) || !isSound(point) || scalar >= L) return false;
  if (!fallback && (await isNative())) {
    try {
      const known = await crypto.subtle.importKey("raw", key, { name: "Ed25519" }, true, ["verify"]);
      return await crypto.subtle.verify("Ed25519", known, signature, message);
    } catch {
      return false; // the key is no point of the curve
    }
  }
  const decoded = decode(key);
  if (decoded === null) return false;
  const challenge = await sha512(point, key, message);
  const [x, y, z, t] = multiply(decoded, challenge);
  return equal(encode(add(multiply(base(), scalar), [mod(-x), y, z, mod(-t)])), point);
}

/** How a public key is shown to people: sixteen groups of four. @param {Uint8Array} key */
export const fingerprint = (key) => b64u(key).replace(/(.{4})(?=.)/g, "$1 ");

function isSound(point) {
  const y = fromLittle(point) & ((1n << 255n) - 1n);
  return y < P && !SMALL_ORDER.has(y);
}

async function sha512(...parts) {
  return mod(fromLittle(new Uint8Array(await crypto.subtle.digest("SHA-512", concat(...parts)))), L);
}

async function halves(seed) {
  const digest = new Uint8Array(await crypto.subtle.digest("SHA-512", seed));
  const scalar = digest.slice(0, 32);
  scalar[0] &= 248;
  scalar[31] = (scalar[31] & 127) | 64;
  return { scalar: fromLittle(scalar), prefix: digest.slice(32) };
}

// Points in extended coordinates [X, Y, Z, T]: x = X/Z, y = Y/Z, xy = T/Z.
function add([x1, y1, z1, t1], [x2, y2, z2, t2]) {
  const a = mod((y1 - x1) * (y2 - x2));
  const b = mod((y1 + x1) * (y2 + x2));
  const c = mod(2n * D * t1 * t2);
  const d = mod(2n * z1 * z2);
  const [e, f, g, h] = [b - a, d - c, d + c, b + a];
  return [mod(e * f), mod(g * h), mod(f * g), mod(e * h)];
}

function multiply(point, scalar) {
  let result = [0n, 1n, 1n, 0n];
  let double = point;
  for (let left = scalar; left > 0n; left >>= 1n) {
    if (left & 1n) result = add(result, double);
    double = add(double, double);
  }
  return result;
}

function encode([x, y, z]) {
  const i = inverse(z);
  const data = toLittle(mod(y * i));
  if (mod(x * i) & 1n) data[31] |= 128;
  return data;
}

function decode(data) {
  const y = fromLittle(data) & ((1n << 255n) - 1n);
  const sign = BigInt(data[31] >> 7);
  const [u, v] = [mod(y * y - 1n), mod(D * y * y + 1n)];
  let x = mod(u * power(v, 3n) * power(u * power(v, 7n), (P - 5n) / 8n));
  const square = mod(v * x * x);
  if (square === mod(-u)) x = mod(x * ROOT);
  else if (square !== u) return null;
  if (x === 0n && sign) return null;
  if ((x & 1n) !== sign) x = P - x;
  return [x, y, 1n, mod(x * y)];
}

let basePoint = null;
function base() {
  basePoint ??= decode(toLittle(mod(4n * inverse(5n))));
  return basePoint;
}
