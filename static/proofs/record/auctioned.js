// Does a choice by auction follow? proofs/record/auctioned.py: its story replayed from the record's own entries.

import * as auction from "../auction.js";
import * as canonical from "../canonical.js";
import { sameAmount } from "../fractions.js";
import { tr } from "../../parts/words.js";
import { Broken, NotYet, need } from "./checks.js";
import { listed } from "./enrolled.js";

const MINUTE = 60_000_000; // microseconds

export async function report(record, told, award) {
  const ladder = await replayed(record);
  need(ladder?.ended, tr`竞价没有结束就有了结果`);
  const ended = record.one("auction.ended");
  need(ended && ended.place < award.place, tr`竞价在结果公告之后才结束`);
  need(canonical.same(told.basis.entries, entries(record)), tr`选取依据不是日志中的竞价记录`);
  const named = new Map([...ladder.names.values()].map(({ org, name }) => [org, name]));
  const known = await listed(record);
  need(known === null || [...named.keys()].every((org) => known.has(org)), tr`竞价代号背后有截止时没有报名的机构`);
  const judged = new Map(record.of("auction.explanation-judged").map(({ event: { d } }) => [d.org, d.accepted]));
  const asked = new Set(record.of("auction.explanation-asked").map(({ event }) => event.d.org));
  for (const { org, name, compliant, rank } of told.bids) {
    need(name === named.get(org), tr`${org} 的名称与公布的代号不符`);
    need(!compliant || judged.get(org) !== false, tr`${org} 的报价说明未被采纳而有名次`);
    need(rank !== 1 || !asked.has(org) || judged.get(org) === true, tr`${org} 的报价说明尚未采纳而排在首位`);
  }
  return tr`${ladder.quotes.length} 次报价逐次重放，延时 ${ladder.extended} 次，名次由竞价记录重算相同`;
}

/** NotYet with what an auction has come to before there is an award; Broken where it broke its rules. */
export async function soFar(record) {
  const ladder = await replayed(record);
  if (!ladder) return;
  const where = ladder.ended ? tr`竞价已经结束` : tr`竞价尚未结束`;
  throw new NotYet(tr`${where}，${ladder.quotes.length} 次报价逐次重放相符，尚未公告结果`);
}

/** The auction, every rule asked again, under the rules of the notice; null where there is none yet. */
async function replayed(record) {
  const told = entries(record);
  if (!told.length) return null;
  let ladder;
  try {
    ladder = await auction.replay(record.number, told);
  } catch (wrong) {
    if (wrong instanceof auction.NoSuchAuction) throw new Broken(wrong.message);
    throw wrong;
  }
  const pinned = record.one("market.purchase-terms");
  if (pinned) {
    const { auction: rules, selects_at: selects } = pinned.event.d.terms;
    const called = told[0].data;
    const [opens, ends] = [auction.micros(called.starts_at), auction.micros(called.ends_at)];
    const fits = ["start", "step"].every((key) => sameAmount(rules[key], called[key])) && ["window", "most"].every((key) => rules[key] === called[key]);
    need(fits && ends - opens === rules.minutes * MINUTE && opens >= auction.micros(selects), tr`竞价的规则与公告不符`);
  }
  return ladder;
}

function entries(record) {
  return record.of(...auction.KINDS).map(({ event: { t: kind, ts: at, d } }) => {
    const { stream: _stream, seq: _seq, ...data } = d;
    return { kind, at, data };
  });
}
