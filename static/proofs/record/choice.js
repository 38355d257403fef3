// Does a choice in the supermarket follow? proofs/record/choice.py: its ranks made again, and the lots they rest on.

import * as canonical from "../canonical.js";
import * as lots from "../lots.js";
import * as quotes from "../quotes.js";
import { whyNotSelection } from "../selection.js";
import { tr } from "../../parts/words.js";
import { READ_OUT } from "./archive.js";
import * as auctioned from "./auctioned.js";
import { Broken, NotYet, need, sameSet } from "./checks.js";
import * as enrolled from "./enrolled.js";

/** Whether a report is the result of a choice, not of a panel's evaluation. @param {any} told */
export const isChoice = (told) => told !== null && typeof told === "object" && told.v === "selection/1";

export async function report(record, told, award) {
  const faults = await whyNotSelection(told);
  if (faults.length) throw new Broken(faults.join(tr`；`));
  need(told.number === record.number, tr`选取结果属于别的项目`);
  const pinned = record.one("market.purchase-terms")?.event.d.terms;
  need(!pinned || told.method === pinned.method, tr`选取方式与公告不符`);
  const [fixed, { basis, bids }] = [record.one("sealed.quotes-fixed"), told];
  if (!fixed && "pool" in basis) return enrolled.report(record, told);
  if (!fixed && "entries" in basis) return auctioned.report(record, told, award);
  if (!fixed) {
    need(!("ties" in basis), tr`报价没有固定的记录`);
    return tr`${bids.length} 家，名次由选取依据重算相同`;
  }
  need(fixed.place < award.place, tr`报价在结果公告之后才固定`);
  asOpened(record, fixed, pinned);
  const rows = new Map(fixed.event.d.rows.filter(({ reasons }) => !reasons.length).map((row) => [row.org, row]));
  need(sameSet(bids.map(({ org }) => org), rows.keys()), tr`参加选取的与固定的报价不符`);
  const unbelieved = record.of("sealed.explanation-judged").filter(({ event }) => !event.d.accepted).map(({ event }) => event.d.org);
  for (const { org, name, quote, compliant } of bids) {
    need(name === rows.get(org).name && quote === rows.get(org).quote, tr`${org} 的报价与固定时不符`);
    need(!compliant || !unbelieved.includes(org), tr`${org} 的报价说明未被采纳而有名次`);
  }
  if ("formula" in basis) await coefficient(record, basis, fixed, pinned);
  else panel(record, basis, pinned);
  await ties(record, basis, fixed);
  return tr`${rows.size} 份报价与开启时相同，名次由选取依据重算相同`;
}

/** Every quote was fixed as it was opened, all of those that opened, and after the opening had ended. */
function asOpened(record, fixed, pinned) {
  const verdicts = record.of("opening.verdict").map(({ event }) => event.d);
  const opened = new Map(verdicts.filter(({ part, verdict }) => READ_OUT.includes(part) && verdict === "OK").map(({ org, sheet }) => [org, sheet]));
  const ended = record.one("opening.ended");
  need(ended && ended.place < fixed.place, tr`报价在开启结束之前固定`);
  const failed = verdicts.filter(({ verdict }) => verdict !== "OK").map(({ org }) => org);
  const { rows, formula } = fixed.event.d;
  need(sameSet(rows.map(({ org }) => org), [...opened.keys()].filter((org) => !failed.includes(org))), tr`固定的报价与开启的不全相同`);
  for (const { org, quote, reasons } of rows) {
    need(quote === opened.get(org).price || (!quote && reasons.length), tr`${org} 的报价与开启时不符`);
  }
  need(!pinned || canonical.same(pinned.formula ?? {}, formula), tr`选取公式与公告不符`);
  for (const { org, reasons } of pinned?.rate ? rows : []) {
    need(reasons.length || quotes.isReduced(pinned.price_cap, opened.get(org)), tr`${org} 的报价与下浮率算出的不符`);
  }
}

/** The formula is the announced one, and its coefficient was drawn, over the announced values. */
async function coefficient(record, basis, fixed, pinned) {
  need(basis.formula === (fixed.event.d.formula.key ?? "lowest"), tr`选取公式与固定报价时不符`);
  if (!("coefficient" in basis)) return;
  const { values, value, draw } = basis.coefficient;
  const named = pinned?.coefficients ?? null;
  need(named === null || canonical.same([...named].sort(), values), tr`系数的取值与公告不符`);
  const order = await drawn(record, draw, quotes.coefficientPool(values), fixed);
  need(order(quotes.COEFFICIENT)[0] === value, tr`参考价所用的系数不是抽出的系数`);
}

/** The factors are the announced ones, the judges are those who declared, and each gave points to everybody. */
function panel(record, basis, pinned) {
  if (pinned) {
    const named = pinned.factors.map(({ key, name, max }) => ({ key: String(key), name: String(name), max: String(max) }));
    need(canonical.same(named, basis.factors), tr`评审因素与公告不符`);
  }
  const said = record.of("sealed.judge-declared").map(({ event }) => event.d);
  const seats = new Set(basis.judges.map(({ seat }) => seat));
  const free = new Map(said.map(({ seat, recused }) => [seat, !recused]));
  need(canonical.same([...seats].sort(), [...free.keys()].filter((seat) => free.get(seat)).sort()), tr`打分的不是声明无需回避的评审人员`);
  const given = new Map(record.of("sealed.assessed").map(({ event: { d } }) => [d.seat, d.given]));
  const all = Object.keys(basis.scores).length;
  need(given.size === seats.size && [...seats].every((seat) => given.get(seat) === all), tr`打分的次数与日志不符`);
}

/** Every order among equals was drawn among these. */
async function ties(record, basis, fixed) {
  const groups = basis.ties.map(({ orgs }) => orgs);
  for (const [at, { draw, order }] of basis.ties.entries()) {
    const found = await drawn(record, draw, quotes.tiePool(groups), fixed);
    need(canonical.same(found(`${quotes.TIE}${at + 1}`), order), tr`报价相同者的次序不是抽出的次序`);
  }
}

/** What a draw brought, stratum ↦ its order; Broken unless it is the draw over this list, after the quotes. */
async function drawn(record, draw, pool, fixed) {
  const kinds = ["draw.announced", "draw.spec", "draw.result"];
  const about = new Map(record.of(...kinds).filter(({ event }) => event.d.id === draw).map((each) => [each.event.t, each]));
  if (!about.has("draw.result")) throw new NotYet(tr`抽取 ${draw} 没有结果`);
  need(fixed.place < about.get("draw.announced").place, tr`抽取早于报价固定`);
  need(about.get("draw.spec").event.d.pool_sha256 === (await lots.poolSha256(pool)), tr`抽取的名单不是这些报价或取值`);
  const { result } = about.get("draw.result").event.d;
  return (stratum) => [...result[stratum].chosen, ...result[stratum].standby];
}
