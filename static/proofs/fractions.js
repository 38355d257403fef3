// Exact fractions of whole numbers: plain decimals, sums, means, two places half up. As Python's Fraction.

import { NotCanonical } from "./bytes.js";

/** @typedef {{n: bigint, d: bigint}} Fraction */

/** A plain decimal as a fraction. @param {unknown} text @returns {Fraction} */
export function decimal(text) {
  if (typeof text !== "string" || !/^(?=.*\d)\d*\.?\d*$/.test(text) || text.length > 32) throw new NotCanonical("not a decimal number");
  const [whole, part = ""] = text.split(".");
  return { n: BigInt(`${whole}${part}`), d: 10n ** BigInt(part.length) };
}

export const ZERO = { n: 0n, d: 1n };
export const ONE = { n: 1n, d: 1n };
export const WHOLE = { n: 100n, d: 1n };
/** Over one denominator, the larger where it will do, so that a sum of decimals is spelt as a decimal. */
export const shared = (a, b) => (a.d % b.d === 0n ? a.d : b.d % a.d === 0n ? b.d : a.d * b.d);
export const plus = (a, b) => ({ n: a.n * (shared(a, b) / a.d) + b.n * (shared(a, b) / b.d), d: shared(a, b) });
export const minus = (a, b) => plus(a, { n: -b.n, d: b.d });
export const times = (a, b) => ({ n: a.n * b.n, d: a.d * b.d });
export const over = (a, b) => ({ n: a.n * b.d, d: a.d * b.n });
export const compare = (a, b) => {
  const gap = a.n * b.d - b.n * a.d;
  return gap < 0n ? -1 : gap > 0n ? 1 : 0;
};
export const equal = (a, b) => compare(a, b) === 0;
export const places2 = ({ n, d }) => ({ n: (200n * n + d) / (2n * d), d: 100n });
export const sum = (all) => all.reduce(plus, ZERO);
export const mean = (all) => over(sum(all), { n: BigInt(all.length), d: 1n });
export const least = (all) => all.reduce((a, b) => (compare(a, b) <= 0 ? a : b));
export const above = (value) => (value.n > 0n ? value : ZERO);
/** A fraction over a power of ten as a plain decimal. @param {Fraction} value */
export function spelt({ n, d }) {
  const digits = String(n).padStart(String(d).length, "0");
  return d === 1n ? digits : `${digits.slice(0, 1 - String(d).length)}.${digits.slice(1 - String(d).length)}`;
}

/** Whether two decimals are the same amount. @param {unknown} a @param {unknown} b */
export const sameAmount = (a, b) => equal(decimal(a), decimal(b));
