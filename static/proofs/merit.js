// A choice by merit: proofs/merit.py. Every judge's points for every provider, summed exactly.

import * as canonical from "./canonical.js";
import { compare, decimal, equal, least, mean, over, places2, plus, sum, times } from "./fractions.js";
import { ranked, ranking, standingOf } from "./quotes.js";
import { tr } from "../parts/words.js";

const [FEWEST, SHORTEST] = [3, 10];
const KEYS = ["factors", "weight", "judges", "scores", "reasons", "ties"];
const HUNDRED = { n: 100n, d: 1n };

/** Who can win, best first; equals in total and quote stand together. */
function groups(scores, prices, weight) {
  const lowest = Object.keys(scores).length ? least([...prices.values()]) : null;
  const keys = Object.entries(scores).map(([org, seats]) => {
    const sums = Object.values(seats).map((row) => sum(Object.values(row).map(decimal)));
    const total = plus(places2(mean(sums)), places2(over(times(lowest, weight), prices.get(org))));
    return [org, [{ n: -total.n, d: total.d }, prices.get(org)]];
  });
  return standingOf(new Map(keys));
}

/** What is wrong with one judge's points for one provider. */
function whyNotScores(points, factors) {
  if (!canonical.same(Object.keys(points).sort(), factors.map(({ key }) => key).sort())) return [tr`每项评审因素都要打分`];
  return factors.filter(({ key, max }) => {
    const text = String(points[key]);
    return !/^(?=.*\d)\d*\.?\d{0,2}$/.test(text) || compare(decimal(text), decimal(String(max))) > 0;
  }).map(({ name, max }) => tr`“${name}”应在 0 至 ${max} 分之间，至多两位小数`);
}

/** What is wrong with a `selection/1` over such a basis. @param {any} report @returns {string[]} */
export function whyNotReport({ basis, bids }) {
  const told = canonical.requireKeys(basis, KEYS, "basis");
  const seats = told.judges.map(({ seat }) => String(seat));
  const faults = [];
  if (new Set(seats).size < FEWEST || new Set(seats).size !== seats.length) faults.push(tr`评审人员不足 ${FEWEST} 人`);
  const prices = new Map(bids.filter(({ compliant }) => compliant).map(({ org, quote }) => [org, decimal(quote)]));
  const same = (keys, others) => canonical.same(Object.keys(keys).sort(), [...others].sort());
  if (!same(told.scores, prices.keys()) || !same(told.reasons, prices.keys())) return [...faults, tr`打分的与参加排序的不是同一些机构`];
  const whole = plus(sum(told.factors.map(({ max }) => decimal(String(max)))), decimal(told.weight));
  if (!equal(whole, HUNDRED)) faults.push(tr`各评审因素与价格合计不是 100 分`);
  for (const org of prices.keys()) {
    if (!same(told.scores[org], seats) || !same(told.reasons[org], seats)) return [...faults, tr`${org} 没有得到每个人的打分和理由`];
    for (const seat of seats) {
      faults.push(...whyNotScores(told.scores[org][seat], told.factors).map((why) => tr`${org}：${why}`));
      if ([...told.reasons[org][seat].trim()].length < SHORTEST) faults.push(tr`${org} 缺少第 ${seat} 席的理由`);
    }
  }
  if (faults.length) return faults;
  const order = ranking(groups(told.scores, prices, decimal(told.weight)), told.ties.map((tie) => tie.order));
  return canonical.same(ranked(bids), order) ? [] : [tr`名次与由打分重算的不符`];
}
