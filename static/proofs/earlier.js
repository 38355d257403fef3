// Facts as earlier releases wrote them, read in the form they have now: proofs/earlier.py, line by line.

import { tr } from "../parts/words.js";
import { NotCanonical } from "./bytes.js";

const text = (value) => {
  if (typeof value !== "string") throw new TypeError("text expected");
  return value;
};
const plain = (rows) => rows.every((row) => typeof row === "string");
const orgs = (rows) => (plain(rows) ? rows : rows.map(({ org }) => text(org)));

const FORMS = {
  "opening.hall-opened": (d) => ("bidders" in d ? { ...d, count: d.bidders.length } : d),
  "opening.session-opened": (d) => {
    if (plain(d.bidders)) return d;
    const envelopes = d.bidders.flatMap(({ org, parts }) => Object.values(parts).map(({ eid }) => [text(eid), text(org)]));
    return { ...d, bidders: orgs(d.bidders), envelopes: Object.fromEntries(envelopes) };
  },
  "opening.bidders-done": (d) => {
    if (!Array.isArray(d.released)) return d;
    const parts = [...new Set([...d.released, ...d.absent].map(({ part }) => text(part)))].sort();
    const byPart = (rows) => Object.fromEntries(parts.map((of) => [of, rows.filter(({ part }) => part === of).map(({ eid }) => text(eid))]));
    return { ...d, released: byPart(d.released), absent: byPart(d.absent) };
  },
  "tech.passed": (d) => ({ ...d, passed: orgs(d.passed) }),
};

/**
 * The data of a fact in its present form; the same where it is in it. Throws for a form nobody ever wrote.
 * @param {string} kind @param {any} d
 */
export function present(kind, d) {
  const read = FORMS[kind];
  if (!read) return d;
  try {
    return read(d);
  } catch (wrong) {
    if (!(wrong instanceof TypeError)) throw wrong;
    throw new NotCanonical(tr`${kind} 的写法不属于任何一个版本`);
  }
}
