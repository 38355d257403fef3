// Does a choice by lot follow? proofs/record/enrolled.py: who had enrolled, who was left on the day, what lots brought.

import { hex } from "../bytes.js";
import * as canonical from "../canonical.js";
import { whyNotEntrants } from "../entrants.js";
import * as lots from "../lots.js";
import { openedCheckpoint } from "../note.js";
import { tr } from "../../parts/words.js";
import { Broken, NotYet, need, sameSet } from "./checks.js";

const STRATUM = "provider";

export async function report(record, told) {
  const [known, frozen] = [await listed(record), record.one("selection.pool-frozen")];
  if (!frozen) throw new NotYet(tr`选取日复核尚未公布`);
  const [pool, { basis, bids }] = [record.json(frozen.event.d.sha256), told];
  const left = new Map(pool.eligible.map((row) => [row.org, row]));
  const out = new Map(pool.out.map((row) => [row.org, row]));
  const all = [...left.keys(), ...out.keys()];
  need(pool.number === record.number && ![...left.keys()].some((org) => out.has(org)), tr`选取日名单属于别的项目，或者自相矛盾`);
  need(known === null || sameSet(all, known), tr`选取日名单与截止时的报名名单不符`);
  const ranked = bids.filter(({ rank }) => rank !== null).map(({ org }) => org);
  need(sameSet(bids.map(({ org }) => org), all), tr`选取结果与选取日名单不符`);
  need(ranked.every((org) => left.has(org)), tr`未进入抽取的机构有名次`);
  const drawn = new Map(record.of("draw.spec", "draw.result").filter(({ event }) => event.d.id === basis.draw).map((each) => [each.event.t, each]));
  need(drawn.size === 2, tr`选取所依据的抽取没有结果`);
  const spec = drawn.get("draw.spec");
  need(frozen.place < spec.place, tr`抽取的名单早于选取日复核`);
  need(canonical.same(candidates(left), basis.pool), tr`抽取的签数与选取日名单不符`);
  need(spec.event.d.pool_sha256 === (await lots.poolSha256(basis.pool)), tr`抽取的名单不是选取结果所依据的名单`);
  need(canonical.same(spec.event.d.spec.strata, basis.strata), tr`抽取的人数与选取结果所依据的不符`);
  need(drawn.get("draw.result").event.d.seed === basis.seed, tr`选取结果的种子不是抽取得出的种子`);
  const pick = record.one("selection.picked")?.event.d;
  const same = canonical.same(pick ? [pick.org, pick.reason] : null, "picked" in basis ? [basis.picked, basis.reason] : null);
  need(same, tr`选定的机构或理由与公布的不符`);
  return tr`${left.size} 家进入抽取，${out.size} 家不进入，名次由抽取重算相同`;
}

/** A candidate for every lot. */
function candidates(left) {
  const rows = [...left].flatMap(([org, { tickets }]) =>
    Array.from({ length: tickets }, (_, at) => ({ cid: at ? `${org}.${at + 1}` : org, org, strata: [STRATUM] })));
  return rows.sort((a, b) => (a.cid < b.cid ? -1 : 1));
}

/** Who had enrolled, as the closing committed to it; null where the list stays sealed. */
export async function listed(record) {
  const [closed, shown] = [record.one("selection.enrolment-closed"), record.one("selection.entrants-published")];
  if (!closed || !shown) return null;
  const told = record.json(shown.event.d.sha256);
  const faults = await whyNotEntrants(told);
  if (faults.length) throw new Broken(faults.join(tr`；`));
  need(told.number === record.number && told.closing === closed.event.d.closing, tr`报名名单与截止时的承诺不符`);
  const point = await openedCheckpoint(closed.event.d.note, record.sealed);
  const sealed = { size: point.size, root: hex(point.root) };
  need(canonical.same(sealed, closed.event.d.sealed_log) && canonical.same(sealed, told.sealed_log), tr`封存日志的检查点不符`);
  need(told.live.length === shown.event.d.count, tr`报名家数不符`);
  return new Set(told.live.map(({ org }) => org));
}
