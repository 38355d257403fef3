// selection/1: the result of a choice in the supermarket, made again from its basis. As proofs/selection.py and by_lot.py.

import * as auction from "./auction.js";
import { unhex } from "./bytes.js";
import * as canonical from "./canonical.js";
import { decimal, equal } from "./fractions.js";
import * as lots from "./lots.js";
import * as merit from "./merit.js";
import * as quotes from "./quotes.js";
import { tr } from "../parts/words.js";

const KEYS = ["v", "number", "method", "basis", "bids"];
const BID_KEYS = ["org", "name", "quote", "rank", "compliant", "reasons"];
const LOTS = ["draw", "seed", "pool", "strata"];
const MOST_PER_ORG = 1;

const METHODS = {
  random: byLot, credit: byCredit, auction: byAuction, sealed_price: quotes.whyNotReport, merit: merit.whyNotReport,
};

/** What does not add up; empty when making it again comes to the same ranks. @param {any} report @returns {Promise<string[]>} */
export async function whyNotSelection(report) {
  try {
    return await faultsOf(report);
  } catch (wrong) {
    return [`not a selection/1: ${wrong.message}`];
  }
}

async function faultsOf(report) {
  const isOf = (value, keys) => canonical.same(Object.keys(value).sort(), [...keys].sort());
  if (!isOf(report, KEYS) || report.v !== "selection/1") throw new Error("its keys or its version are others");
  const [faults, seen] = [[], new Set()];
  for (const bid of report.bids) {
    const fits = isOf(bid, BID_KEYS) && !seen.has(bid.org) && typeof bid.compliant === "boolean";
    if (!fits) throw new Error(`${bid.org} occurs twice, or its keys are others`);
    seen.add(bid.org);
    if (decimal(bid.quote).n <= 0n) faults.push(`${bid.org}: a quote above zero is needed`);
    if (bid.compliant === (bid.rank === null) || bid.compliant === bid.reasons.length > 0) {
      faults.push(`${bid.org}: who is ranked has no reasons against it, who is not has them`);
    }
  }
  const ranks = report.bids.map(({ rank }) => rank).filter((rank) => rank !== null).sort((a, b) => a - b);
  if (!ranks.every((rank, at) => rank === at + 1)) faults.push("the ranks are not 1, 2, 3 …");
  const again = Object.hasOwn(METHODS, report.method) ? METHODS[report.method] : () => [];
  return [...faults, ...(await again(report))];
}

/** Organisations in the order of their lots: the chosen, then those in reserve. */
function drawn({ pool, seed, strata }) {
  lots.checkPool(pool);
  const org = new Map(pool.map((item) => [item.cid, item.org]));
  const parts = lots.select(unhex(seed, 32, "seed"), pool, lots.parseStrata(strata), MOST_PER_ORG);
  if (parts.length !== 1) throw new Error("more than one stratum");
  return [...parts[0].chosen, ...parts[0].standby].map((cid) => org.get(cid));
}

function byLot(report) {
  canonical.requireKeys(report.basis, LOTS, "basis");
  return inThatOrder(report, drawn(report.basis));
}

function byCredit(report) {
  const { picked, reason } = canonical.requireKeys(report.basis, [...LOTS, "picked", "reason"], "basis");
  const order = drawn(report.basis);
  if (!order.includes(picked) || !String(reason).trim()) return ["the pick is not on the short list, or no reason is given"];
  return inThatOrder(report, [picked, ...order.filter((org) => org !== picked)]);
}

function inThatOrder({ basis, bids }, order) {
  const faults = canonical.same(quotes.ranked(bids), order) ? [] : ["the ranks are not those of the lots"];
  const told = new Set(bids.map(({ org }) => org));
  return basis.pool.every(({ org }) => told.has(org)) ? faults : [...faults, "somebody of the pool is not in the report"];
}

/** Everybody who quoted is in it with the last quote; of those who may win the lower one is first. */
async function byAuction({ number, basis, bids }) {
  let ladder;
  try {
    ladder = await auction.replay(number, basis.entries);
  } catch (wrong) {
    if (wrong instanceof auction.NoSuchAuction) return [wrong.message];
    throw wrong;
  }
  if (!ladder.ended) return [tr`竞价尚未结束`];
  const last = new Map(ladder.quotes.map(({ alias, price }) => [ladder.names.get(alias).org, { n: price, d: 100n }]));
  const said = new Map(bids.map(({ org, quote }) => [org, decimal(quote)]));
  const faults = [];
  if (said.size !== last.size || ![...said].every(([org, quote]) => last.has(org) && equal(last.get(org), quote))) faults.push(tr`报价与竞价记录不符`);
  const order = quotes.ranked(bids);
  const falling = [...last].sort(([, a], [, b]) => (a.n < b.n ? -1 : 1)).map(([org]) => org);
  if (!canonical.same(order, falling.filter((org) => order.includes(org)))) faults.push(tr`排名与报价高低不符`);
  return faults;
}
