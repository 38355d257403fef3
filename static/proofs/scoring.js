// The arithmetic of a comprehensive evaluation, in exact fractions: price points, totals, ranks of a `report/1`.
// As proofs/scoring.py: two places, half up; then in the order of the documents, else an equal rank.

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

const ONE = { n: 1n, d: 1n };
const least = (all) => all.reduce((a, b) => (compare(a, b) <= 0 ? a : b));
const above = (value) => (value.n > 0n ? value : ZERO);
const mean = (all) => over(sum(all), { n: BigInt(all.length), d: 1n });
const trimmed = (all) => (all.length >= 5 ? [...all].sort(compare).slice(1, -1) : all);
const apart = (price, base, weight, up, down = ZERO) => {
  const gap = times(over(minus(price, base), base), { n: 100n, d: 1n });
  return above(minus(weight, gap.n > 0n ? times(gap, up) : times({ n: -gap.n, d: gap.d }, down)));
};

// As proofs/prices.py: every formula takes a price, all of them, the weight, and its own parameters.
const FORMULAS = {
  lowest: (price, all, weight) => over(times(least(all), weight), price),
  "lowest-deviation": (price, all, weight, { over: up }) => apart(price, least(all), weight, up),
  "mean-deviation": (price, all, weight, { k, over: up, under }) => apart(price, times(mean(all), minus(ONE, k)), weight, up, under),
  "trimmed-deviation": (price, all, weight, { k, over: up, under }) =>
    apart(price, times(mean(trimmed(all)), minus(ONE, k)), weight, up, under),
  "mean-ratio": (price, all, weight, { k }) => {
    const base = times(mean(all), minus(ONE, k));
    return times(weight, compare(price, base) <= 0 ? over(price, base) : over(base, price));
  },
  steps: (price, all, weight, { step }) => {
    const below = all.filter((each, at) => compare(each, price) < 0 && !all.slice(0, at).some((other) => equal(other, each)));
    return above(minus(weight, times({ n: BigInt(below.length), d: 1n }, step)));
  },
};
const CORRECTIONS = ["sheet-detail", "words-figures", "unit-decimal", "sum-of-units"];
const ALREADY_SMALL = ["consortium", "subcontract"];

/** Adjusted price, price points, total and rank of every compliant bid of a report. @param {any} report */
export function evaluate(report) {
  const { scoring, bids } = report;
  const [weight, deduction] = [decimal(scoring.price_weight), decimal(scoring.small_deduction)];
  const { key, params } = scoring.formula ?? { key: "lowest", params: {} };
  if (!Object.hasOwn(FORMULAS, key)) throw new NotCanonical("no such formula of prices");
  const given = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decimal(value)]));
  const technical = new Set(scoring.factors.filter((factor) => factor.technical === true).map((factor) => factor.key));
  const points = (bid, keys) => {
    const seats = Object.values(bid.scores).map((seat) => sum(Object.entries(seat).flatMap(([at, text]) => (keys && !keys.has(at) ? [] : [decimal(text)]))));
    return seats.length ? places2(mean(seats)) : ZERO;
  };
  const rows = bids.filter((bid) => bid.compliant).map((bid) => {
    const quote = decimal(bid.corrected ? bid.corrected.to : bid.quote);
    const shares = [...(bid.small ? [deduction] : []), ...(bid.policies ?? []).map((policy) => decimal(scoring.policies[policy]))];
    const adjusted = shares.length ? places2(times(quote, minus(ONE, sum(shares)))) : quote;
    return { bid, quote, adjusted, technical: points(bid, technical) };
  });
  if (rows.some(({ adjusted }) => adjusted.n <= 0n)) throw new NotCanonical("a price is not above zero");
  const prices = rows.map(({ adjusted }) => adjusted);
  for (const row of rows) {
    row.points = places2(FORMULAS[key](row.adjusted, prices, weight, given));
    row.total = plus(row.points, points(row.bid));
  }
  const first = {
    total: (a, b) => compare(b.total, a.total),
    quote: (a, b) => compare(a.quote, b.quote),
    technical: (a, b) => compare(b.technical, a.technical),
    adjusted: (a, b) => compare(a.adjusted, b.adjusted),
  };
  const order = scoring.order ?? ["total", "quote"];
  const before = (a, b) => order.reduce((found, each) => found || first[each](a, b), 0);
  const brandOf = (row) => (report.same_brand ?? []).find((group) => group.includes(row.bid.org)) ?? [];
  const ranked = rows.filter((row) => !rows.some((other) => brandOf(row).includes(other.bid.org) && before(other, row) < 0));
  for (const row of rows) row.rank = ranked.includes(row) ? 1 + ranked.filter((other) => before(other, row) < 0).length : null;
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
    if (bid.corrected && !CORRECTIONS.includes(bid.corrected.rule)) faults.push(`${bid.org}: corrected by no known rule`);
    const policies = bid.policies ?? [];
    const twice = new Set(policies).size !== policies.length || (bid.small && policies.some((each) => ALREADY_SMALL.includes(each)));
    if (twice) faults.push(`${bid.org}: the same policy twice`);
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
