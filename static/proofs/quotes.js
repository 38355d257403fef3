// Who wins by price among opened sealed quotes: proofs/quotes.py, figure by figure. And equals, whom a draw puts in order.

import * as canonical from "./canonical.js";
import { compare, decimal, equal, mean, minus, places2, spelt, times } from "./fractions.js";
import { tr } from "../parts/words.js";

const [LOWEST, REFERENCE] = ["lowest", "reference"];
export const COEFFICIENT = "coefficient";
export const TIE = "tie";
const TRIMMED_FROM = 5;
const KEYS = ["formula", "quotes", "ties"];
const REFERENCE_KEYS = [...KEYS, "coefficient", "trimmed", "mean", "reference", "distances"];

/** Organisation ↦ its quote. @typedef {Map<string, import("./fractions.js").Fraction>} Prices */

/** Mean without one highest and one lowest of five or more, times the coefficient. @param {Prices} prices @param {any} coefficient */
export function reference(prices, coefficient) {
  const listed = [...prices.values()].sort(compare);
  const kept = listed.length >= TRIMMED_FROM ? listed.slice(1, -1) : listed;
  const price = places2(times(mean(kept), coefficient));
  const within = ([, quote]) => kept.some((other) => equal(other, quote));
  const sorted = [...prices].sort(([a], [b]) => (a < b ? -1 : 1));
  const apart = (gap) => (gap.n < 0n ? { n: -gap.n, d: gap.d } : gap);
  return {
    trimmed: sorted.filter((each) => !within(each)).map(([org]) => org),
    mean: places2(mean(kept)),
    price,
    distances: new Map(sorted.filter(within).map(([org, quote]) => [org, apart(minus(quote, price))])),
  };
}

/** Equals together, by code, best first. keys: organisation ↦ fractions, the less the better. @param {Map<string, any[]>} keys */
export function standingOf(keys) {
  const order = (a, b) => a.reduce((found, each, at) => found || compare(each, b[at]), 0);
  const rows = [...keys].sort(([a, one], [b, other]) => order(one, other) || (a < b ? -1 : 1));
  const standing = [];
  for (const [at, [org, key]] of rows.entries()) {
    if (at && order(rows[at - 1][1], key) === 0) standing.at(-1).push(org);
    else standing.push([org]);
  }
  return standing;
}

/** Who can win, best first. @param {string} formula @param {Prices} prices @param {any} coefficient */
export function groups(formula, prices, coefficient = null) {
  if (formula === LOWEST) return standingOf(new Map([...prices].map(([org, price]) => [org, [price]])));
  if (formula !== REFERENCE || coefficient === null) throw new Error(`no formula: '${formula}'`);
  const near = prices.size ? reference(prices, coefficient).distances : new Map();
  return standingOf(new Map([...near].map(([org, distance]) => [org, [distance, prices.get(org)]])));
}

const RATE = /^(?:0|[1-9]\d?)\.\d\d$/;

/**
 * The price a rate off a base makes, to two places, half up: the more is taken off the lower it is. Null for no rate.
 * @param {string} base @param {unknown} rate percent, "12.50"
 */
export function reduced(base, rate) {
  if (typeof rate !== "string" || !RATE.test(rate)) return null;
  const left = minus(decimal("100"), decimal(rate));
  return spelt(places2(times(decimal(base), { n: left.n, d: left.d * 100n })));
}

/** Whether a sheet's price is what its rate makes of the base. @param {string} base @param {{price?: string, rate?: string}} sheet */
export function isReduced(base, { price, rate }) {
  const made = reduced(base, rate);
  return made !== null && equal(decimal(made), decimal(price));
}

/** The groups of equals, in the order of the ranking. @param {string[][]} standing */
export const tied = (standing) => standing.filter((group) => group.length > 1);

/** The list equals are drawn from. @param {string[][]} standing */
export function tiePool(standing) {
  const rows = tied(standing).flatMap((group, at) => group.map((org) => ({ cid: org, org, strata: [`${TIE}${at + 1}`] })));
  return rows.sort((a, b) => (a.cid < b.cid ? -1 : 1));
}

/** The list a coefficient is drawn from. @param {string[]} values */
export const coefficientPool = (values) => [...values].sort().map((value) => ({ cid: value, org: value, strata: [COEFFICIENT] }));

/** Who can win, in order. orders: of each group of equals, as it was drawn. @param {string[][]} standing @param {string[][]} orders */
export function ranking(standing, orders) {
  const left = [...orders];
  const found = standing.flatMap((group) => {
    const order = group.length > 1 && left.length ? left.shift() : group;
    if (!canonical.same([...order].sort(), [...group].sort()) || (group.length > 1 && orders.length < tied(standing).length)) {
      throw new Error("a tie is not settled by a draw among its own");
    }
    return order;
  });
  if (left.length) throw new Error("a draw among equals where nobody is equal");
  return found;
}

/** What does not follow from a basis' own quotes. @param {any} told @returns {string[]} */
function whyNotBasis(told) {
  let again;
  try {
    canonical.requireKeys(told, told.formula === REFERENCE ? REFERENCE_KEYS : KEYS, "basis");
    const prices = pricesOf(told);
    if (!prices.size || prices.size !== told.quotes.length || ![...prices.values()].every(({ n }) => n > 0n)) return [tr`报价清单不合规格`];
    const drawn = told.coefficient ?? { values: [], value: "", draw: "" };
    if (told.formula === REFERENCE && !drawn.values.includes(drawn.value)) return [tr`系数不在公布的取值之中`];
    again = basis(told, prices, drawn);
  } catch (wrong) {
    return [tr`选取依据不合规格：${wrong.message}`];
  }
  return Object.keys(again).filter((key) => !canonical.same(again[key], told[key])).map((key) => tr`${key} 与由报价重算的不符`);
}

const pricesOf = ({ quotes }) => new Map(quotes.map((row) => [canonical.requireKeys(row, ["org", "price"], "quote").org, decimal(row.price)]));

function basis(told, prices, drawn) {
  const coefficient = drawn.value ? decimal(drawn.value) : null;
  const standing = groups(told.formula, prices, coefficient);
  const orders = told.ties.map(({ order }) => order);
  ranking(standing, orders);
  const draw = told.ties[0]?.draw ?? "";
  const made = {
    formula: told.formula,
    quotes: [...prices].sort(([a], [b]) => (a < b ? -1 : 1)).map(([org, price]) => ({ org, price: spelt(price) })),
    ties: tied(standing).map((orgs, at) => ({ orgs, order: orders[at], draw })),
  };
  if (coefficient === null) return made;
  const against = reference(prices, coefficient);
  return {
    ...made,
    coefficient: { values: [...drawn.values].sort(), value: drawn.value, draw: drawn.draw },
    trimmed: against.trimmed,
    mean: spelt(against.mean),
    reference: spelt(against.price),
    distances: Object.fromEntries([...against.distances].map(([org, distance]) => [org, spelt(distance)])),
  };
}

/** What is wrong with a `selection/1` over such a basis. @param {any} report @returns {string[]} */
export function whyNotReport({ basis: told, bids }) {
  const wrong = whyNotBasis(told);
  if (wrong.length) return wrong;
  const prices = pricesOf(told);
  const value = told.coefficient?.value;
  const order = ranking(groups(told.formula, prices, value ? decimal(value) : null), told.ties.map((tie) => tie.order));
  const faults = [];
  for (const { org, quote, compliant } of bids) {
    if (!prices.has(org) || !equal(decimal(quote), prices.get(org))) faults.push(tr`${org} 的报价与依据不符`);
    if (compliant && !order.includes(org)) faults.push(tr`${org} 不参与排序而有名次`);
  }
  const listed = bids.map(({ org }) => org);
  if ([...prices.keys()].some((org) => !listed.includes(org))) faults.push(tr`依据中有报价不在报告里`);
  const mayWin = bids.filter(({ compliant }) => compliant).map(({ org }) => org);
  if (!canonical.same(ranked(bids), order.filter((org) => mayWin.includes(org)))) faults.push(tr`名次与由报价重算的不符`);
  return faults;
}

/** Organisations with a rank, first first. @param {any[]} bids */
export const ranked = (bids) => bids.filter(({ rank }) => rank !== null).sort((a, b) => a.rank - b.rank).map(({ org }) => org);

