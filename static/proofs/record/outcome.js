// Does the result follow? Every score summed, the ranking and the award recomputed, every sheet as it was locked.

import { unhex } from "../bytes.js";
import * as canonical from "../canonical.js";
import * as lots from "../lots.js";
import { commitment } from "../receipt.js";
import { sameAmount } from "../fractions.js";
import { priceOf, whyNotReport } from "../scoring.js";
import { tr } from "../../parts/words.js";
import { READ_OUT } from "./archive.js";
import { soFar } from "./auctioned.js";
import { Broken, NotYet, need, sameSet } from "./checks.js";
import { isChoice, report as choice } from "./choice.js";
import { published, sessions } from "./sessions.js";

/** Whoever has sat on the panel. */
function sitting(record) {
  const seated = record.of("evaluation.seated").flatMap(({ event }) => event.d.seats);
  return new Set([...seated, ...record.of("evaluation.replaced").map(({ event }) => event.d.in)]);
}

function firstAward(record) {
  const [award] = record.of("market.award-published");
  if (!award) throw new NotYet(tr`尚未公告结果`);
  return award;
}

export async function report(record) {
  if (!record.of("market.award-published").length) await soFar(record);
  const award = firstAward(record);
  const fixed = record.of("evaluation.reported").at(-1);
  const told = record.json(award.event.d.report_sha256);
  if (isChoice(told)) return choice(record, told, award);
  const salt = unhex(award.event.d.salt, 32, "salt");
  need(fixed, tr`没有评审报告的承诺`);
  need(fixed.place < award.place, tr`评审报告晚于结果公告`);
  madeAnew(record, record.of("evaluation.reported"));
  need((await commitment("eval1/report", told, salt)) === fixed.event.d.commitment, tr`评审报告与承诺不符`);
  const before = record.of("evaluation.reported").slice(0, -1).map(({ event }) => event.d.commitment);
  for (const { report_sha256: sha256, salt: earlier } of award.event.d.earlier ?? []) {
    const said = await commitment("eval1/report", record.json(sha256), unhex(earlier, 32, "salt"));
    need(before.includes(said), tr`公布的原评审报告与当时的承诺不符`);
  }
  need(told.number === record.number, tr`评审报告属于别的项目`);
  need(canonical.same(told.scoring, record.terms.scoring), tr`评审报告的评分标准与${record.words.documents}不符`);
  const faults = whyNotReport(told);
  if (faults.length) throw new Broken(faults.join(tr`；`));
  await drawnByLot(record, told, fixed);
  if (record.rounds && !record.disclosed.size) throw new NotYet(tr`报价尚未公开`);
  const read = record.of("opening.verdict").map(({ event }) => event.d).filter(({ part }) => READ_OUT.includes(part));
  const sheets = new Map(read.map((d) => [d.org, record.sheetOf(d)])); // of several rounds, the latest
  if (record.rounds) lastQuotes(record, told);
  const passed = "price" in record.terms.units ? published(record, fixed.place) : null;
  for (const bid of told.bids) {
    const unquoted = !bid.compliant && bid.quote === null;
    if (passed && !passed.has(bid.org)) {
      need(!sheets.has(bid.org) && unquoted, tr`${bid.org} 未通过技术评审而有报价或名次`);
    } else if (!sheets.has(bid.org)) {
      need(unquoted, tr`${bid.org} 没有报价而有名次`);
    } else {
      const sheet = sheets.get(bid.org);
      need(sheet !== null, tr`${bid.org} 没有${record.words.read_out}内容却参加评审`);
      // A bid refused for an amount that is none is still quoted as it was read out.
      const same = (bid.quote === sheet.price || sameAmount(bid.quote, sheet.price)) && bid.small === sheet.small;
      need(same, tr`${bid.org} 的评审报价与${record.words.read_out}不符`);
    }
  }
  need(sameSet(told.bids.map(({ org }) => org), admitted(record)), tr`参加评审的${record.words.bidder}与资格审查结果不符`);
  return tr`${told.bids.length} 家报价与${record.words.read_out}一致，价格分、总分、名次重算相同`;
}

/** Each drawn parameter of the formula has the one value that was drawn, out of those of the terms, after every price was open. */
async function drawnByLot(record, told, fixed) {
  for (const [name, listed] of Object.entries(told.scoring.formula?.draw ?? {})) {
    const results = record.of("draw.result").filter(({ event }) => event.d.id.split("/").at(-2) === name);
    need(results.length === 1, tr`价格分参数 ${name} 没有抽取，或者抽取了不止一次`);
    const { id, result } = results[0].event.d;
    need(canonical.same(result[name].chosen, [told.drawn[name]]), tr`价格分参数 ${name} 不是抽取的结果`);
    const specs = record.of("draw.spec").filter(({ event }) => event.d.id === id);
    const pool = [...listed].sort().map((value) => ({ cid: value, org: value, strata: [name] }));
    need(specs.length === 1 && specs[0].event.d.spec.pool_sha256 === (await lots.poolSha256(pool)), tr`价格分参数 ${name} 的候选值不符`);
    const opened = record.of("opening.verdict").filter(({ event }) => READ_OUT.includes(event.d.part)).map(({ index }) => index);
    need(Math.max(-1, ...opened) < specs[0].index && specs[0].index < fixed.index, tr`价格分参数 ${name} 不是在${record.words.read_out}之后抽取的`);
  }
}

/** A report follows another only where a sheet was corrected, scoring again was approved, or a matter of late prices was settled. */
function madeAnew(record, fixed) {
  const back = [...record.of("evaluation.rolled-back"), ...record.of("evaluation.price-settled")];
  const changes = [...record.of("evaluation.sheet-corrected"), ...back];
  for (const [at, after] of fixed.slice(1).entries()) {
    need(changes.some(({ index }) => fixed[at].index < index && index < after.index), tr`评审报告无故另行形成`);
  }
  need(back.every(({ event }) => fixed.some((each) => each.event.d.commitment === event.d.before)), tr`重新评分的不是本报告`);
}

/** Who is ranked quoted in the last round, and that was called the last when it was called. */
function lastQuotes(record, told) {
  const played = sessions(record);
  need(played.length > 1, tr`没有开启过报价`);
  const last = played.at(-1);
  const called = record.of("bidding.round-called").map(({ event }) => event.d).filter(({ round }) => round === last.number - 1);
  need(called.at(-1)?.last === true, tr`评审依据的不是最后报价`);
  const quoted = new Set(last.owner.values());
  need(told.bids.every(({ org, compliant }) => !compliant || quoted.has(org)), tr`有供应商没有最后报价而有名次`);
}

/** Whose every envelope opened and who passed the qualification review. */
function admitted(record) {
  const told = record.of("opening.verdict").map(({ event }) => event.d);
  const failed = new Set(told.filter(({ verdict }) => verdict !== "OK").map(({ org }) => org));
  const opened = new Set(told.map(({ org }) => org).filter((org) => !failed.has(org)));
  const reviews = record.of("evaluation.qualified");
  if (!reviews.length) return opened;
  const passed = new Map(reviews.flatMap(({ event }) => event.d.results).map((row) => [row.org, row.passed]));
  need([...passed.keys()].every((org) => opened.has(org)), tr`资格审查涉及未有效开启的${record.words.bidder}`);
  return new Set([...passed.keys()].filter((org) => passed.get(org)));
}

export async function sheets(record) {
  const { event: { d: award } } = firstAward(record);
  const locked = ["evaluation.sheet-locked", "evaluation.sheet-corrected"].flatMap((kind) => record.of(kind)).map(({ event }) => event.d);
  if (!locked.length) throw new NotYet(tr`没有锁定的评分表`);
  need(award.sheets_sha256, tr`评分表没有随结果公布`);
  const shown = record.json(award.sheets_sha256);
  const committed = new Map();
  for (const { seat, commitment: digest } of locked) (committed.get(seat) ?? committed.set(seat, new Set()).get(seat)).add(digest);
  const last = new Map();
  for (const sheet of shown) {
    const { seat, version, scores, salt } = canonical.requireKeys(sheet, ["seat", "version", "scores", "salt"], "sheet");
    const digest = await commitment("eval1/sheet", { v: "sheet/1", number: record.number, seat, version, scores }, unhex(salt, 32, "salt"));
    need(committed.get(seat)?.delete(digest), tr`第 ${seat} 席的评分表与其锁定时的承诺不符`);
    need(version > (last.get(seat)?.version ?? 0), tr`第 ${seat} 席的评分表次序有误`);
    last.set(seat, sheet);
  }
  need([...committed.values()].every((left) => !left.size), tr`有锁定的评分表没有公布`);
  const told = record.json(award.report_sha256);
  need(last.size === told.seats, tr`评分表的席数与评审报告不符`);
  for (const bid of told.bids.filter(({ compliant }) => compliant)) {
    for (const [seat, { scores }] of last) {
      need(samePoints(scores[bid.org], bid.scores[String(seat)]), tr`${bid.org} 在第 ${seat} 席的得分与评审报告不符`);
    }
  }
  return tr`${shown.length} 份评分表与锁定时的承诺一致，得分与评审报告相同`;
}

const samePoints = (one, other) => sameSet(Object.keys(one), Object.keys(other)) && Object.keys(one).every((key) => sameAmount(one[key], other[key]));

export async function award(record) {
  const first = firstAward(record).event.d;
  const told = record.json(first.report_sha256);
  const declined = new Set(record.of("market.award-declined").map(({ event }) => event.d.org));
  const awards = record.of("market.award-published").map(({ event }) => event.d);
  for (const d of awards) {
    const bid = told.bids.find(({ org }) => org === d.org);
    need(bid?.compliant && bid.rank === d.rank, tr`${d.name} 的名次与评审报告不符`);
    need(sameAmount(d.amount, priceOf(bid)), tr`${d.name} 的金额不是其报价`);
    need(d.name === bid.name, tr`${d.name} 与评审报告中的名称不符`);
    const ahead = told.bids.filter(({ rank }) => rank !== null && rank < d.rank).map(({ org }) => org);
    const over = passedOver(record, d);
    // Bids of the brand of one who declined: a brand has one candidate.
    const twins = (told.same_brand ?? []).filter((group) => group.some((org) => declined.has(org))).flat();
    need(ahead.every((org) => declined.has(org) || over.has(org) || twins.includes(org)), tr`${d.name} 之前还有未放弃的候选人`);
  }
  const notices = record.of("market.notice-published").map(({ event }) => event.d.sha256);
  need(notices.includes(first.sha256), tr`结果公告未公布`);
  await experts(record, record.json(first.sha256));
  const last = awards.at(-1);
  const contract = record.of("market.contract-recorded").at(-1)?.event.d;
  const fits = !contract || (contract.org === last.org && sameAmount(contract.amount, last.amount));
  need(fits, tr`合同的当事人或金额与${record.words.award}结果不符`);
  return tr`${last.name}，第 ${last.rank} 名，${last.amount} 元`;
}

/** Who ranks before the winner and may not win: under a ban, with a leader who has no room, or winner of all the lots it may win. */
function passedOver(record, d) {
  const batch = record.one("tender.terms")?.event.d.batch;
  for (const { org, why, numbers } of d.passed_over ?? []) {
    if (why === "lots") {
      const others = new Set(numbers.filter((number) => number !== record.number)).size;
      need(batch && batch.most > 0 && batch.most <= others, tr`${org} 并未达到本批次的${record.words.award}标段限额`);
    } else {
      need(why === "banned" || why === "leader", tr`${org} 没有理由被越过`);
    }
  }
  return new Set((d.passed_over ?? []).map(({ org }) => org));
}

/** The experts named after the award are behind the masks that were drawn. */
async function experts(record, notice) {
  const seated = sitting(record);
  for (const { number, salt, cid, name } of notice.experts ?? []) {
    need((await lots.masked(number, unhex(salt, 32, "salt"))) === cid, tr`${name} 不是抽取时隐名的专家`);
    need(!seated.size || seated.has(cid), tr`${name} 未被抽中`);
  }
}
