// The arithmetic of a comprehensive evaluation, in exact fractions: price points, totals, ranks of a `report/1`.
// As proofs/scoring.py: two places, half up; points down, then price up, else an equal rank.

import { NotCanonical } from "./bytes.js";
import { same } from "./canonical.js";

/** @typedef {{n: bigint, d: bigint}} Fraction */

/** A plain decimal as a fraction. @param {unknown} text @returns {Fraction} */
export function decimal(text) {
  if (typeof text !== "string" || !/^(?=.*\d)\d*\.?\d*$/.test(text) || text.length > 32) throw new NotCanonical("not a decimal number");
  const [whole, part = ""] = text.split(".");
  return { n: BigInt(`${whole}${part}`), d: 10n ** BigInt(part.length) };
}

const ZERO = { n: 0n, d: 1n };
const plus = (a, b) => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const minus = (a, b) => ({ n: a.n * b.d - b.n * a.d, d: a.d * b.d });
const times = (a, b) => ({ n: a.n * b.n, d: a.d * b.d });
const over = (a, b) => ({ n: a.n * b.d, d: a.d * b.n });
const compare = (a, b) => {
  const gap = a.n * b.d - b.n * a.d;
  return gap < 0n ? -1 : gap > 0n ? 1 : 0;
};
const equal = (a, b) => compare(a, b) === 0;
const places2 = ({ n, d }) => ({ n: (200n * n + d) / (2n * d), d: 100n });
const sum = (all) => all.reduce(plus, ZERO);
const spelt = ({ n, d }) => (Number((100n * n) / d) / 100).toFixed(2);

/** Adjusted price, price points, total and rank of every compliant bid of a report. @param {any} report */
export function evaluate(report) {
  const { scoring, bids } = report;
  const [weight, deduction] = [decimal(scoring.price_weight), decimal(scoring.small_deduction)];
  const rows = bids.filter((bid) => bid.compliant).map((bid) => {
    const quote = decimal(bid.quote);
    return { bid, quote, adjusted: bid.small ? places2(times(quote, minus({ n: 1n, d: 1n }, deduction))) : quote };
  });
  if (rows.some(({ adjusted }) => adjusted.n <= 0n)) throw new NotCanonical("a price is not above zero");
  const lowest = rows.map(({ adjusted }) => adjusted).reduce((a, b) => (a && compare(a, b) <= 0 ? a : b), null);
  for (const row of rows) {
    row.points = places2(over(times(lowest, weight), row.adjusted));
    const seats = Object.values(row.bid.scores).map((given) => sum(Object.values(given).map(decimal)));
    row.total = plus(row.points, places2(over(sum(seats), { n: BigInt(seats.length), d: 1n })));
  }
  const before = (a, b) => compare(b.total, a.total) || compare(a.quote, b.quote);
  for (const row of rows) row.rank = 1 + rows.filter((other) => before(other, row) < 0).length;
  return rows;
}

/** What does not add up in a report; empty when recomputing it gives its figures. @param {any} report @returns {string[]} */
export function whyNotReport(report) {
  const factors = new Map(report.scoring.factors.map((factor) => [factor.key, decimal(factor.max)]));
  const faults = [];
  const whole = plus(decimal(report.scoring.price_weight), sum([...factors.values()]));
  if (!equal(whole, { n: 100n, d: 1n })) faults.push("the price and the factors do not make 100 points");
  for (const bid of report.bids) {
    const given = Object.values(bid.scores);
    if (!bid.compliant) {
      if (given.length || bid.rank !== null || !bid.reasons.length) faults.push(`${bid.org}: refused, yet it has points, or no reason`);
      continue;
    }
    if (given.length !== report.seats) faults.push(`${bid.org}: not every seat has scored`);
    for (const seat of given) {
      const exact = same(Object.keys(seat).sort(), [...factors.keys()].sort());
      const within = exact && Object.entries(seat).every(([key, points]) => compare(decimal(points), factors.get(key)) <= 0);
      if (!within) faults.push(`${bid.org}: a seat's points are not within the factors`);
    }
  }
  if (faults.length) return faults;
  for (const { bid, adjusted, points, total, rank } of evaluate(report)) {
    for (const [key, right] of Object.entries({ adjusted, price_points: points, total })) {
      if (!equal(decimal(bid[key]), right)) faults.push(`${bid.org}: ${key} is ${bid[key]}, must be ${spelt(right)}`);
    }
    if (bid.rank !== rank) faults.push(`${bid.org}: rank is ${bid.rank}, must be ${rank}`);
  }
  return faults;
}
