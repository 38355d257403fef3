// The arithmetic of a comprehensive evaluation, in exact fractions: price points, totals, ranks of a `report/1`.
// As proofs/scoring.py: two places, half up; ranked in the order the terms name, points down and then price up else.

import { NotCanonical } from "./bytes.js";
import * as canonical from "./canonical.js";
import {
  ONE, WHOLE, ZERO, above, compare, decimal, equal, least, mean, minus, over, places2, plus, spelt, sum, times,
} from "./fractions.js";

const ORDERS = ["total", "quote", "technical", "adjusted"];
const RESULTS = ["adjusted", "price_points", "total", "rank"];
const BID = ["org", "name", "quote", "small", "adjusted", "compliant", "reasons", "price_points", "scores", "total", "rank"];

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
/** The parameters of each, and how large they may be. */
const PARAMS = {
  lowest: {}, "lowest-deviation": { over: "10" }, "mean-deviation": { k: "0.2", over: "10", under: "10" },
  "trimmed-deviation": { k: "0.2", over: "10", under: "10" }, "mean-ratio": { k: "0.2" }, steps: { step: "100" },
};
const CORRECTIONS = ["sheet-detail", "words-figures", "unit-decimal", "sum-of-units"];
const ALREADY_SMALL = ["consortium", "subcontract"];

/** The formula of the terms, waiting for a price and all of them. drawn: its parameters that were drawn by lot. */
function formulaOf({ formula = { key: "lowest", params: {} } }, weight, drawn = {}) {
  const { key, params: named } = formula;
  const params = { ...named, ...drawn };
  if (!Object.hasOwn(FORMULAS, key)) throw new NotCanonical(`no formula: '${key}'`);
  canonical.requireKeys(params, Object.keys(PARAMS[key]), key);
  const given = Object.fromEntries(Object.entries(params).map(([name, value]) => [name, decimal(value)]));
  for (const [name, most] of Object.entries(PARAMS[key])) {
    if (compare(given[name], decimal(most)) > 0) throw new NotCanonical(`${key}: ${name} is 0…${most}`);
  }
  return (price, all) => places2(FORMULAS[key](price, all, weight, given));
}

/** The price a bid is compared and contracted at: its quote, or what a confirmed correction made of it. @param {any} bid */
export const priceOf = (bid) => bid.corrected?.to ?? bid.quote;

/** Adjusted price, price points, total and rank of every compliant bid of a report. @param {any} report */
export function evaluate({ scoring, bids, same_brand: brands = [], drawn = {} }) {
  const [weight, deduction, order] = [decimal(scoring.price_weight), decimal(scoring.small_deduction), scoring.order ?? ["total", "quote"]];
  if (!order.length || !order.every((each) => ORDERS.includes(each))) throw new NotCanonical(`no order of ranks: ${order}`);
  const technical = scoring.factors.filter((factor) => factor.technical === true).map(({ key }) => key);
  const rows = bids.filter((bid) => bid.compliant).map((bid) => {
    const [quote, seats] = [decimal(priceOf(bid)), Object.values(bid.scores)];
    if (seats.length && !scoring.factors.length) throw new NotCanonical("points where nothing is scored");
    const points = (has) => sum(seats.map((given) => sum(Object.keys(given).filter(has).map((key) => decimal(given[key])))));
    const scored = (has) => (seats.length ? places2(over(points(has), { n: BigInt(seats.length), d: 1n })) : ZERO);
    const shares = [...(bid.small ? [deduction] : []), ...(bid.policies ?? []).map((policy) => decimal(scoring.policies?.[policy]))];
    const adjusted = shares.length ? places2(times(quote, minus(ONE, sum(shares)))) : quote;
    return { bid, quote, adjusted, scored: scored(() => true), technical: scored((key) => technical.includes(key)) };
  });
  if (rows.some(({ adjusted }) => adjusted.n <= 0n)) throw new NotCanonical("prices are above zero");
  const [earn, prices] = [formulaOf(scoring, weight, drawn), rows.map(({ adjusted }) => adjusted)];
  for (const row of rows) {
    row.points = earn(row.adjusted, prices);
    row.total = plus(row.points, row.scored);
  }
  const isBest = { total: -1, technical: -1, quote: 1, adjusted: 1 }; // points: the most; prices: the least
  const before = (a, b) => order.reduce((found, key) => found || isBest[key] * compare(a[key], b[key]), 0);
  const brandOf = ({ bid }) => brands.find((group) => group.includes(bid.org)) ?? [];
  const ranked = rows.filter((row) => !rows.some((other) => brandOf(row).includes(other.bid.org) && before(other, row) < 0));
  for (const row of rows) row.rank = ranked.includes(row) ? 1 + ranked.filter((other) => before(other, row) < 0).length : null;
  return rows;
}

/** What does not add up in a report; empty when recomputing it gives its figures. @param {any} report @returns {string[]} */
export function whyNotReport(report) {
  try {
    return faultsOf(report);
  } catch (wrong) {
    return [`not a report/1: ${wrong.message}`];
  }
}

function faultsOf(report) {
  keysOf(report, ["v", "number", "scoring", "bids", "seats"], ["same_brand", "drawn"], "report");
  if (report.v !== "report/1") throw new NotCanonical("its version is another");
  const { factors: listed, price_weight: weight, price_cap: cap } = report.scoring;
  const factors = new Map(listed.map((factor) => [factor.key, factor]));
  const limits = new Map(listed.map((factor) => [factor.key, decimal(factor.max)]));
  const whole = plus(decimal(weight), sum([...limits.values()]));
  const faults = equal(whole, WHOLE) && factors.size === listed.length ? [] : ["the price and the factors do not make 100 points"];
  if (!drawnFits(report)) faults.push("a parameter is none of the values it was to be drawn from");
  const compliant = new Set();
  for (const bid of report.bids) {
    keysOf(bid, BID, ["corrected", "policies"], "bid");
    if (compliant.has(bid.org) || typeof bid.small !== "boolean" || typeof bid.compliant !== "boolean") {
      throw new NotCanonical(`${bid.org} occurs twice, or its flags are no flags`);
    }
    if (!bid.compliant) {
      faults.push(...refusedFaults(bid));
      continue;
    }
    compliant.add(bid.org);
    const quote = decimal(priceOf(bid));
    faults.push(...foundFaults(bid));
    if (quote.n <= 0n || compare(quote, decimal(cap)) > 0) faults.push(`${bid.org}: quote outside 0…${cap}`);
    faults.push(...scoreFaults(bid, limits, factors, report.seats));
  }
  if (new Set(report.bids.map(({ org }) => org)).size !== report.bids.length) faults.push("a bidder occurs twice");
  if (faults.length) return faults;
  const groups = report.same_brand ?? [];
  const together = groups.flat();
  const apart = new Set(together).size !== together.length || together.some((org) => !compliant.has(org)) || groups.some((group) => group.length < 2);
  return apart ? ["the bids of one brand are not groups of bids that stand"] : resultFaults(report);
}

/** Whether exactly the parameters that are drawn by lot have a value, one of those there were. */
function drawnFits({ scoring: { formula: { draw = {} } = {} }, drawn = {} }) {
  return canonical.same(Object.keys(draw).sort(), Object.keys(drawn).sort()) && Object.keys(draw).every((name) => draw[name].includes(drawn[name]));
}

/** Throws NotCanonical unless these keys are there, and beside them none but the optional ones. */
const keysOf = (value, keys, optional, what) => canonical.requireKeys(value, [...keys, ...optional.filter((key) => Object.hasOwn(value, key))], what);

/** What the panel found of a bid that stands: a correction by a known rule, policies each once, none twice over. */
function foundFaults({ org, small, corrected, policies = [] }) {
  const faults = [];
  if (corrected !== undefined) {
    canonical.requireKeys(corrected, ["to", "rule"], "corrected");
    if (!CORRECTIONS.includes(corrected.rule)) faults.push(`${org}: corrected by no known rule`);
  }
  const twice = new Set(policies).size !== policies.length || (small && policies.some((each) => ALREADY_SMALL.includes(each)));
  return twice ? [...faults, `${org}: the same policy twice`] : faults;
}

function resultFaults(report) {
  const faults = [];
  for (const { bid, adjusted, points, total, rank } of evaluate(report)) {
    for (const [key, right] of Object.entries({ adjusted, price_points: points, total })) {
      if (!equal(decimal(bid[key]), right)) faults.push(`${bid.org}: ${key} is ${bid[key]}, must be ${spelt(right)}`);
    }
    if (bid.rank !== rank) faults.push(`${bid.org}: rank is ${bid.rank}, must be ${rank ?? "None"}`);
  }
  return faults;
}

/** A bid found not compliant has its reasons and no points. */
function refusedFaults(bid) {
  const faults = bid.reasons.length ? [] : [`${bid.org}: refused without a reason`];
  const has = Object.keys(bid.scores).length || RESULTS.some((key) => bid[key] !== null);
  return has ? [...faults, `${bid.org}: refused, yet it has points or a rank`] : faults;
}

function scoreFaults({ org, scores }, limits, factors, seats) {
  const given = Object.entries(scores);
  const faults = given.length === seats ? [] : [`${org}: ${given.length} of ${seats} seats scored`];
  for (const [seat, points] of given) {
    if (!canonical.same(Object.keys(points).sort(), [...limits.keys()].sort())) faults.push(`${org}: seat ${seat} did not score exactly the factors`);
    for (const [key, at] of Object.entries(points)) {
      const tooMany = limits.has(key) && compare(decimal(at), limits.get(key)) > 0;
      if (tooMany) faults.push(`${org}: seat ${seat} gave ${at} of at most ${factors.get(key).max} for ${key}`);
    }
  }
  return faults;
}
