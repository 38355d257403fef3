// Arithmetic modulo 2^255 − 19 for browsers whose WebCrypto lacks X25519 or Ed25519 (RFC 7748, RFC 8032).
// BigInt is not constant time; the keys it touches never leave this computer and are used a few times a day.

export const P = (1n << 255n) - 19n;

/** @param {bigint} a */
export const mod = (a, m = P) => ((a % m) + m) % m;

/** @param {bigint} base @param {bigint} exponent */
export function power(base, exponent, m = P) {
  let result = 1n;
  let square = mod(base, m);
  for (let left = exponent; left > 0n; left >>= 1n) {
    if (left & 1n) result = (result * square) % m;
    square = (square * square) % m;
  }
  return result;
}

/** @param {bigint} a */
export const inverse = (a) => power(a, P - 2n);

/** @param {Uint8Array} data */
export function fromLittle(data) {
  let number = 0n;
  for (let at = data.length - 1; at >= 0; at -= 1) number = (number << 8n) | BigInt(data[at]);
  return number;
}

/** @param {bigint} number @param {number} length */
export function toLittle(number, length = 32) {
  const data = new Uint8Array(length);
  for (let at = 0, left = number; at < length; at += 1, left >>= 8n) data[at] = Number(left & 255n);
  return data;
}
