// k of n sharing of 32 bytes over GF(2^8), polynomial 0x11b, bytewise; x is the member's index.

const EXP = new Uint8Array(510);
const LOG = new Uint8Array(256);
for (let power = 0, value = 1; power < 255; power += 1) {
  EXP[power] = EXP[power + 255] = value;
  LOG[value] = power;
  value ^= value << 1; // times the generator 3
  if (value & 0x100) value ^= 0x11b;
}

/** The product in GF(2^8). @param {number} a @param {number} b */
export const multiply = (a, b) => (a && b ? EXP[LOG[a] + LOG[b]] : 0);

/** The share of member i (1…255). @param {Uint8Array[]} coefficients a_0 … a_(k−1) @param {number} i */
export function share(coefficients, i) {
  const total = new Uint8Array(32);
  for (const coefficient of [...coefficients].reverse()) {
    for (let at = 0; at < 32; at += 1) total[at] = multiply(total[at], i) ^ coefficient[at];
  }
  return total;
}

/** The shares of members 1…n. @param {Uint8Array[]} coefficients @param {number} n */
export const shares = (coefficients, n) => Array.from({ length: n }, (_, at) => share(coefficients, at + 1));

/** The one polynomial of degree < k through these k points. @param {Map<number, Uint8Array>} points i ↦ share */
export function recover(points) {
  const total = Array.from(points, () => new Uint8Array(32));
  for (const [i, value] of points) {
    // The basis polynomial that is 1 at i and 0 at the other points, as coefficients.
    let basis = [1];
    let divisor = 1;
    for (const j of points.keys()) {
      if (j === i) continue;
      basis = [...basis, 0].map((low, at) => (at ? basis[at - 1] : 0) ^ multiply(j, low));
      divisor = multiply(divisor, i ^ j);
    }
    const inverse = EXP[255 - LOG[divisor]];
    basis.forEach((factor, power) => {
      const times = multiply(factor, inverse);
      for (let at = 0; at < 32; at += 1) total[power][at] ^= multiply(value[at], times);
    });
  }
  return total;
}
