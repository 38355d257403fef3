// One check of a record: what it asks for, and what it says when it is not so. The words are the command line's.

import * as canonical from "../canonical.js";
import * as statements from "../statement.js";
import { tr } from "../../parts/words.js";

/** What a check was to find out does not hold. */
export class Broken extends Error {
  name = "Broken";
}

/** There is nothing to check yet. */
export class NotYet extends Error {
  name = "NotYet";
}

/** Throws Broken with the words unless it is so. @param {unknown} that @param {string} words */
export function need(that, words) {
  if (!that) throw new Broken(words);
}

/** An instant as a text that sorts as time does, to the microsecond. @param {any} ts */
export function moment(ts) {
  const [seconds, fraction = ""] = statements.timestamp(ts).slice(0, -1).split(".");
  return `${seconds}.${fraction.padEnd(6, "0")}`;
}

/** That instant, so many whole seconds later. @param {string} ts @param {number} seconds */
export function later(ts, seconds) {
  const [whole, fraction] = moment(ts).split(".");
  return `${new Date(Date.parse(`${whole}Z`) + seconds * 1000).toISOString().slice(0, 19)}.${fraction}`;
}

/** Whether two lists hold the same, each once, in whatever order. @param {Iterable<string>} a @param {Iterable<string>} b */
export const sameSet = (a, b) => canonical.same([...new Set(a)].sort(), [...new Set(b)].sort());

/** The outcome of a check as one line of words. @param {string} name @param {string} title @param {Function} check @param {any} record */
export async function run(name, title, check, record) {
  try {
    return { name, holds: true, text: tr`${title}：${await check(record)}` };
  } catch (wrong) {
    if (wrong instanceof NotYet) return { name, holds: null, text: tr`${title}：${wrong.message}` };
    if (wrong instanceof Broken) return { name, holds: false, text: tr`${title}：${wrong.message}` };
    return { name, holds: false, text: tr`${title}：数据不合规格（${wrong.name}: ${wrong.message}）` };
  }
}
