// The sessions of an opening as a record tells them: which envelopes were opened in each, and by whose leave.

import { tr } from "../../parts/words.js";
import * as canonical from "../canonical.js";
import { READ_OUT, only } from "./archive.js";
import { need, sameSet } from "./checks.js";

/** One session. owner: envelope ↦ organisation, of those that may be opened in it. closing: the list they are on. */
export class Session {
  constructor(made) {
    Object.assign(this, made);
  }

  of(record, ...kinds) {
    return record.of(...kinds).filter(({ place }) => this.opened.place <= place && place < this.until);
  }

  one(record, kind) {
    return only(this.of(record, kind), kind);
  }
}

/** The sessions in order; none before the hall is open. @param {any} record @returns {Session[]} */
export function sessions(record) {
  const opened = record.one("opening.hall-opened");
  const later = record.of("opening.session-opened");
  if (!opened) return [];
  const named = new Map(record.bidders.map(({ org, parts }) => [org, parts]));
  const parts = Object.keys(record.terms.units);
  const inTwo = parts.includes("price");
  need(record.rounds || later.length <= Number(inTwo), tr`${record.words.opening}场次与${record.words.bid}条件不符`);
  const closing = opened.event.d.closing;
  const until = later[0]?.place ?? Infinity;
  const atFirst = inTwo ? parts.filter((part) => part !== "price") : parts;
  const first = new Session({ number: 1, opened, until, ...envelopes(named, atFirst), closing });
  if (record.rounds) return [first, ...rounds(record, later)];
  if (!later.length) return [first];
  const passed = published(record, later[0].place);
  need(sameSet(later[0].event.d.bidders, passed), tr`开启报价文件的${record.words.bidder}不是公布通过技术评审的${record.words.bidder}`);
  need(later[0].event.d.closing === closing, tr`开启报价文件所依据的不是截止时的清单`);
  need([...passed].every((org) => named.has(org)), tr`公布通过技术评审的有不在截止时清单中的${record.words.bidder}`);
  const prices = envelopes(new Map([...named].filter(([org]) => passed.has(org))), parts.filter((part) => READ_OUT.includes(part)));
  const told = later[0].event.d.envelopes;
  need(!told || canonical.same(told, Object.fromEntries(prices.owner)), tr`开启的报价文件与截止时的清单不符`);
  return [first, new Session({ number: 2, opened: later[0], until: Infinity, ...prices, closing })];
}

/** The sessions of rounds of quotes: each opens its own list, and only of those who were in it until then. */
function rounds(record, later) {
  if (!later.length) return [];
  let goingOn = published(record, later[0].place);
  const { submitted } = record;
  return later.map((opened, at) => {
    const told = opened.event.d;
    need(told.round === at + 1 && told.session === at + 2, tr`报价轮次不相接`);
    const eids = record.listed(opened).map(({ eid }) => eid);
    need(eids.every((eid) => submitted.has(eid)), tr`报价清单与密封记录不符`);
    const owner = new Map(eids.map((eid) => [eid, submitted.get(eid).org]));
    const owners = [...owner.values()];
    const oneEach = sameSet(told.bidders, owners) && told.bidders.length === owners.length && new Set(owners).size === owners.length;
    need(oneEach, tr`开启的报价与本轮清单不符`);
    need(owners.every((org) => goingOn.has(org)), tr`开启了未继续参加的供应商的报价`);
    goingOn = new Set(owners);
    const until = later[at + 1]?.place ?? Infinity;
    return new Session({ number: at + 2, opened, until, parts: new Set(["price"]), owner, closing: told.closing });
  });
}

/** Who passed the judgement after the first session, as published before that entry. @returns {Set<string>} */
export function published(record, before) {
  const told = record.one("tech.passed");
  need(told && told.place < before, tr`公布通过名单之前开启了报价文件`);
  return new Set(told.event.d.passed);
}

/** Envelope ↦ organisation, of all that may be opened so far: never the price of a bidder who did not pass. */
export const mayBeOpened = (record) => new Map(sessions(record).flatMap(({ owner }) => [...owner]));

function envelopes(named, parts) {
  const owner = new Map([...named].flatMap(([org, units]) => parts.filter((part) => units[part]).map((part) => [units[part].eid, org])));
  return { parts: new Set(parts), owner };
}
