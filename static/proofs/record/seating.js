// Did those sit who were drawn, each replaced by the one the draw had put next?

import { tr } from "../../parts/words.js";
import { NotYet, need } from "./checks.js";
import { transcripts } from "./draws.js";

const NAMED = ""; // the stratum of those the buyer named itself
const SELECTED = "\0selected"; // of those it picked with consent, in place of a draw
const OUTSIDE = "\0outside"; // and of those another pool drew: which specialty is whose stays unsaid

/** Who is asked or sits, and who waits in which order, as the record tells it. */
class Seats {
  active = new Map(); // masked id ↦ stratum
  waiting = new Map();
  org = new Map();
  most = null;
  count = 0;
  early = new Set(); // draws announced as held before the opening
  fixed = new Map(); // their results, by which nobody is called yet
  opened = false; // the opening has named the bidders
  unsigned = false;

  constructor(draws, record) {
    this.draws = draws;
    this.record = record;
  }

  /** A result puts the chosen on the panel and the others in line. */
  drawn({ id, result }) {
    if (!this.draws.has(id)) return; // a draw for something else
    if (!this.early.has(id)) this.seat(id, result, []);
    else if (!this.opened) this.fixed.set(id, result); // a result that came later seats nobody
  }

  /** This draw is held before the opening; said before anybody contributes to it. */
  announcedEarly({ draw }) {
    need(!this.opened, tr`开标之后宣布在开标前抽取`);
    this.early.add(draw);
  }

  /** From here conflicts are known, and who was drawn earlier may be called. */
  namedBidders() {
    this.opened = true;
  }

  /** After the opening: these leave the fixed order, and the next in it have their places. */
  struck({ draw, seats: out }) {
    const result = this.fixed.get(draw);
    need(result, tr`回避所指的不是开标前抽取的顺序`);
    need(this.opened, tr`开标之前已经回避`);
    this.fixed.delete(draw);
    const line = Object.values(result).flatMap(({ chosen, standby }) => [...chosen, ...standby]).filter((cid) => out.includes(cid));
    need(line.length === out.length && line.every((cid, at) => cid === out[at]), tr`回避的人不在抽取的顺序中`);
    this.seat(draw, result, out);
  }

  seat(id, result, out) {
    const told = this.draws.get(id);
    this.count += 1;
    this.most = told.spec.max_per_org;
    for (const { cid, org } of told.pool) this.org.set(cid, org);
    const stays = (cid) => !out.includes(cid);
    for (const [key, { chosen, standby }] of Object.entries(result)) {
      for (const cid of chosen.filter(stays)) this.active.set(cid, key);
      this.waiting.set(key, [...(this.waiting.get(key) ?? []), ...standby.filter(stays)]);
    }
    for (const cid of out) {
      const [key] = Object.entries(result).find(([, { chosen }]) => chosen.includes(cid)) ?? [];
      const [next] = key === undefined ? [] : this.free(key);
      if (next) this.call(key, next);
    }
  }

  /** Who waits for a place and whose employer has room, in order. */
  free(key) {
    const places = (org) => [...this.active.keys()].filter((cid) => this.org.get(cid) === org).length;
    return (this.waiting.get(key) ?? []).filter((cid) => this.most === null || places(this.org.get(cid)) < this.most);
  }

  /** The buyer named its representatives: they are nobody who was drawn. */
  named({ seats }) {
    need(!seats.some((cid) => this.org.has(cid)), tr`采购人代表又在抽取名单中`);
    for (const cid of seats) this.active.set(cid, NAMED);
  }

  /** The buyer picked these, and says why, by which article and on what evidence; which specialty is whose stays unsaid. */
  selected({ seats, reason, law, evidence_sha256: sha256 }) {
    need(!seats.some((cid) => this.org.has(cid)), tr`自行选定的人又在抽取名单中`);
    need(reason.trim() && law && sha256, tr`自行选定没有理由或者依据`);
    for (const cid of seats) this.active.set(cid, SELECTED);
  }

  /** Another pool drew these; its evidence is named by its hash, and the buyer has to sign it. */
  imported({ seats }) {
    for (const cid of seats) this.active.set(cid, OUTSIDE);
    this.unsigned = true;
  }

  /** The buyer signed the evidence that was imported. */
  confirmed({ evidence_sha256: sha256 }) {
    const [told] = this.record.of("evaluation.external-imported");
    need(told.event.d.evidence_sha256 === sha256, tr`采购人确认的不是导入的抽取记录`);
    this.unsigned = false;
  }

  /**
   * One goes; the first in line of the same specialty whose employer has room comes, or nobody is left. Employers are
   * masked anew in each draw: after a further one it is enough that whoever comes was in line.
   */
  replaced({ out, in: into }) {
    need(this.active.has(out), tr`离开的人并不在评审小组`);
    const key = this.active.get(out);
    this.active.delete(out);
    if (key === OUTSIDE || key === SELECTED) {
      const found = [...this.waiting].find(([, line]) => line.includes(into)); // the line of whoever comes, if there is one
      need(!into || found, tr`有成员不是抽取产生的`);
      if (found) this.call(found[0], into);
      return;
    }
    const line = this.waiting.get(key) ?? [];
    const free = this.free(key);
    need(this.count !== 1 || into === (free[0] ?? ""), tr`递补的不是抽取顺序中的下一位`);
    need(!into || line.includes(into), tr`有成员不是抽取产生的`);
    if (into) this.call(key, into);
  }

  call(key, into) {
    const line = this.waiting.get(key);
    line.splice(line.indexOf(into), 1);
    this.active.set(into, key);
  }

  /** Everybody sits who was asked last, and nobody else; of three members at most one is named. */
  seated({ seats }) {
    const asked = [...this.active.keys()].sort();
    need(asked.length === seats.length && [...seats].sort().every((cid, at) => cid === asked[at]), tr`有成员不是抽取产生的`);
    need(!this.unsigned, tr`导入的抽取结果未经采购人确认`);
    const named = [...this.active.values()].filter((key) => key === NAMED).length;
    need(3 * named <= asked.length, tr`评审专家不足三分之二`);
  }
}

export async function seats(record) {
  const seated = record.of("evaluation.seated");
  if (!seated.length) throw new NotYet(tr`尚未组成评审委员会`);
  fixedBefore(record);
  const panels = new Set(record.of("draw.announced").map(({ event }) => event.d).filter(({ purpose }) => purpose === "panel").map(({ id }) => id));
  const told = (await transcripts(record)).filter(({ spec }) => panels.has(spec.id));
  const place = new Seats(new Map(told.map((one) => [one.spec.id, one])), record);
  const acts = { "evaluation.drawn-early": "announcedEarly", "opening.hall-opened": "namedBidders", "evaluation.struck": "struck", "draw.result": "drawn", "evaluation.representatives-named": "named", "evaluation.self-selected": "selected", "evaluation.external-imported": "imported", "evaluation.external-confirmed": "confirmed", "evaluation.replaced": "replaced", "evaluation.seated": "seated" };
  for (const { event: { t: kind, d } } of record.entries) if (Object.hasOwn(acts, kind)) place[acts[kind]](d);
  const named = record.of("evaluation.representatives-named").reduce((count, { event }) => count + event.d.seats.length, 0);
  const own = named ? tr`；采购人代表 ${named} 人由其指定` : "";
  const picked = [...place.active.values()].filter((key) => key === SELECTED).length;
  const chosen = picked ? tr`；${picked} 人由采购人自行选定` : "";
  return tr`${seated.at(-1).event.d.seats.length} 名成员，抽取产生并按抽取顺序递补${own}${chosen}`;
}

/** Who is left out of a list, and whether it is drawn from before the opening, was fixed before anybody contributed to the draw. */
function fixedBefore(record) {
  for (const [kind, fault] of [["evaluation.left-out", tr`未列入名单的人员在抽取开始后才固定`], ["evaluation.drawn-early", tr`抽取开始后才宣布在开标前抽取`]]) {
    for (const kept of record.of(kind)) {
      const keys = record.of("draw.key").filter(({ event }) => event.d.id === kept.event.d.draw).map(({ index }) => index);
      need(!keys.length || kept.index < Math.min(...keys), fault);
    }
  }
}
