// A live reverse auction, from its public entries alone: proofs/auction.py, rule by rule.
// Sums are fen as BigInt, instants microseconds since 1970 as numbers; 2^53 of them reach past the year 2200.

import { tr } from "../parts/words.js";
import { unhex } from "./bytes.js";
import { commitment } from "./receipt.js";
import { timestamp } from "./statement.js";

const [CALLED, QUOTED, PAUSED, RESUMED, ENDED] = ["called", "quoted", "paused", "resumed", "ended"].map((what) => `auction.${what}`);
export const KINDS = new Set([CALLED, QUOTED, PAUSED, RESUMED, ENDED]);
const SECOND = 1_000_000;

/** The entries tell of no auction that went by its own rules; the text says where. */
export class NoSuchAuction extends Error {
  name = "NoSuchAuction";
}

function need(that, text) {
  if (!that) throw new NoSuchAuction(text);
}

/** Microseconds since 1970 of "2026-11-21T22:58:03.000001Z". @param {string} text */
export function micros(text) {
  timestamp(text);
  const fraction = (/\.(\d+)Z$/.exec(text)?.[1] ?? "").padEnd(6, "0");
  return Date.parse(`${text.slice(0, 19)}Z`) * 1000 + Number(fraction);
}

/** Fen of an amount in its one spelling. @param {string} text */
export function fen(text) {
  need(typeof text === "string" && /^(0|[1-9]\d*)\.\d\d$/.test(text), tr`不是金额：${text}`);
  return BigInt(text.replace(".", ""));
}

/** "86500.00" of fen. @param {bigint} sum */
export function yuan(sum) {
  const digits = String(sum).padStart(3, "0");
  return `${digits.slice(0, -2)}.${digits.slice(-2)}`;
}

/** The highest price that is accepted now, in fen; not above zero when none is. */
export const ceiling = (ladder) => (ladder.best === null ? ladder.start : ladder.best - ladder.step);

/** When it is over at the latest, unless it is paused, in microseconds. */
export const latestEnd = (ladder) => ladder.endsAt + ladder.window * (ladder.most - ladder.extended);

/** The last and therefore lowest quote of every alias that quoted, the best first: [alias, fen]. */
export const lastQuotes = (ladder) =>
  [...new Map(ladder.quotes.map(({ alias, price }) => [alias, price]))].sort((a, b) => (a[1] < b[1] ? -1 : 1));

function whole(value, low, high, what) {
  need(Number.isInteger(value) && value >= low && value <= high, `${what}`);
  return value;
}

function called(number, d, at) {
  const ladder = {
    number, start: fen(d.start), step: fen(d.step), window: whole(d.window, 1, 86_400, "window") * SECOND,
    most: whole(d.most, 0, 10_000, "most"), restart: whole(d.restart, 0, 86_400, "restart") * SECOND,
    opensAt: micros(d.starts_at), endsAt: micros(d.ends_at), best: null, leader: "", extended: 0, pausedAt: null,
    commitments: new Map(d.aliases.map((row) => [row.alias, row.commitment])), quotes: [], ended: false, names: new Map(), reason: "",
  };
  need(at <= ladder.opensAt && ladder.opensAt < ladder.endsAt, tr`竞价的起止时间不对`);
  need(ladder.start > 0n && ladder.step > 0n, tr`起始价和降价幅度应大于零`);
  need(micros(d.latest) === latestEnd(ladder), tr`最迟结束时间与公布的延时规则不符`);
  need(ladder.commitments.size === d.aliases.length, tr`两家用了同一个代号`);
  return ladder;
}

const STEPS = {
  [QUOTED](ladder, d, at) {
    const price = fen(d.price);
    const told = (what) => tr`第 ${d.number} 次报价：` + what;
    need(d.number === ladder.quotes.length + 1, told(tr`序号不连续`));
    need(ladder.commitments.has(d.alias), told(tr`代号不在公布的名单中`));
    need(ladder.pausedAt === null && ladder.opensAt <= at && at < ladder.endsAt, told(tr`到达时不在报价时间内`));
    need(price > 0n && price <= ceiling(ladder), told(tr`没有比当时最低价低一个降价幅度`));
    if (at > ladder.endsAt - ladder.window && ladder.extended < ladder.most) {
      ladder.endsAt = at + ladder.window;
      ladder.extended += 1;
    }
    need(micros(d.ends_at) === ladder.endsAt, told(tr`结束时间与延时规则不符`));
    need(d.extended === ladder.extended, told(tr`延时次数不对`));
    Object.assign(ladder, { best: price, leader: d.alias });
    ladder.quotes.push({ number: d.number, alias: d.alias, price, at, endsAt: ladder.endsAt });
  },
  [PAUSED](ladder, d, at) {
    need(ladder.pausedAt === null, tr`竞价已暂停，又暂停了一次`);
    need(at < ladder.endsAt, tr`竞价时间已过才暂停`);
    Object.assign(ladder, { pausedAt: at, reason: d.reason });
  },
  [RESUMED](ladder, d, at) {
    need(ladder.pausedAt !== null, tr`未暂停的竞价不能恢复`);
    // A pause before the beginning keeps the wait as well.
    const begins = Math.max(ladder.opensAt, ladder.pausedAt);
    const left = ladder.endsAt - begins;
    const ahead = whole(d.ahead ?? 0, 0, 86_400, "ahead") * SECOND; // announced so much earlier after a rest
    const opensAt = Math.max(at, ladder.pausedAt) + Math.max(ladder.restart, ahead) + begins - ladder.pausedAt;
    Object.assign(ladder, { opensAt, endsAt: opensAt + left, pausedAt: null });
    need(micros(d.opens_at) === opensAt && micros(d.ends_at) === ladder.endsAt, tr`恢复后的时间与暂停时剩余的时间不符`);
  },
  async [ENDED](ladder, d, at) {
    need(ladder.pausedAt === null && at >= ladder.endsAt, tr`竞价未到时间就结束了`);
    need(micros(d.ended_at) === ladder.endsAt, tr`结束时间不是最后一次公布的结束时间`);
    need(d.quotes === ladder.quotes.length, tr`报价次数与记录不符`);
    need((d.best === null ? null : fen(d.best)) === ladder.best, tr`最低价与记录不符`);
    for (const { alias, org, name, salt } of d.revealed) {
      const shown = await commitment("auction1/alias", { alias, number: ladder.number, org }, unhex(salt, 32, "salt"));
      need(shown === ladder.commitments.get(alias) && !ladder.names.has(alias), tr`代号 ${alias} 与开始前的承诺不符`);
      ladder.names.set(alias, { org, name });
    }
    // Where nobody quoted the purchase fails, and nothing is said of who took part.
    need(ladder.names.size === (ladder.quotes.length ? ladder.commitments.size : 0), tr`公布的单位与代号名单不一致`);
    need(new Set([...ladder.names.values()].map(({ org }) => org)).size === ladder.names.size, tr`一家单位用了两个代号`);
    ladder.ended = true;
  },
};

/**
 * One more entry: the ladder after it, every rule asked again. Throws NoSuchAuction where it is not as the rules have it.
 * @param {string} number @param {any} ladder null before the first @param {{kind: string, at: string, data: any}} entry
 */
export async function step(number, ladder, { kind, at, data }) {
  if (!KINDS.has(kind)) return ladder;
  if (ladder === null) {
    need(kind === CALLED, tr`竞价没有公布规则就开始了`);
    return called(number, data, micros(at));
  }
  need(!ladder.ended, tr`竞价结束后还有记录`);
  need(kind !== CALLED, tr`竞价规则公布了两次`);
  await STEPS[kind](ladder, data, micros(at));
  return ladder;
}

/** The auction of a project as its public stream tells it. @param {string} number @param {any[]} entries */
export async function replay(number, entries) {
  let ladder = null;
  for (const entry of entries) ladder = await step(number, ladder, entry);
  need(ladder !== null, tr`没有竞价记录`);
  return ladder;
}
