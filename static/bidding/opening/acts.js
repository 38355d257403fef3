// The signed acts of an opening. Each says in a line what it has checked, and releases nothing before.

import { b64u, unhex } from "../../proofs/bytes.js";
import * as canonical from "../../proofs/canonical.js";
import * as envelope from "../../proofs/envelope.js";
import { parseVkey } from "../../proofs/note.js";
import { verified } from "../../proofs/receipt.js";
import * as statements from "../../proofs/statement.js";
import { openOwn } from "../../proofs/verdict.js";
import { PART_WORDS } from "../../parts/dom.js";
import { getBlob, getJson, getText, postJson } from "../../parts/doors.js";
import { serverNow } from "../../parts/site.js";
import { separated } from "../../parts/yuan.js";
import * as receipts from "../submission/receipts.js";
import { DoesNotHold, blobOf, bookOf, checkClock, checkClosing, checkHall, checkList } from "./checks.js";
import { terms as called, tr } from "../../parts/words.js";

const unitOf = (number, part = "sheet") => ({ tender: number, lot: "1", part });

/** What is opened in the session that is on: all parts, or the technical documents first and the prices later. */
export function partsOn(book) {
  const parts = Object.keys(book.terms.units);
  if (!parts.includes("price")) return parts;
  return parts.filter((part) => (part === "price") === Boolean(book.session));
}

/** A price sealed apart is released only once it is public who passed, and only by and for those. */
export function checkPassed(book, org) {
  if (!book.session) return;
  if (!book.passed?.passed.includes(org)) throw new DoesNotHold(tr`公开日志没有公布该${called.bidder}通过技术评审，不释放其报价文件的凭据`);
}

/** Sign and say it. */
export async function say(v, fields, { by, statementsUrl }) {
  return postJson(statementsUrl, await statements.sign(v, fields, by, statements.instant(serverNow())));
}

/** One's own envelopes on the checked list, by one's own receipts, opened on this computer. */
async function ownEnvelopes(context, book, live) {
  const { by, done, number, org, myBidUrl } = context;
  const own = new Map();
  // One's own receipts decide; the site's copies, signed as well, fill in what was handed in on another computer.
  const saved = receipts.saved(org, number);
  if (!saved.length) done(tr`本机没有保存的回执，改用平台所存的本单位回执（请与您下载的回执对照）`);
  const { versions, withdrawals } = await getJson(myBidUrl);
  const kept = [...saved, ...versions, ...withdrawals];
  const vkey = await parseVkey(await getText("/receipts/vkey"));
  const on = partsOn(book);
  for (const [part, { note }] of receipts.newest(kept)) {
    if (!on.includes(part)) continue;
    const receipt = await verified(note, vkey);
    const row = live ? live.find((one) => one.eid === receipt.eid && one.part === part) : { env_sha256: receipt.envelope };
    if (!row) throw new DoesNotHold(tr`${PART_WORDS[part]}第 ${receipt.seq} 版不在封存清单中。请保存回执，立即向监督人员提出；${called.opening}应当停下。`);
    if (row.env_sha256 !== receipt.envelope) throw new DoesNotHold(tr`封存清单所列的信封与回执不是同一份`);
    const blob = await getBlob(`${myBidUrl}/${receipt.envelope}`);
    const kcm = await blobOf(book.terms.units[part]);
    const cmh = unhex(book.terms.units[part], 32, "cmh");
    const opened = await openOwn(blob, kcm, by, { env_sha256: receipt.envelope, cmh, policy: book.terms.pol });
    if (opened.verdict !== "OK") throw new DoesNotHold(tr`本机打不开自己的${PART_WORDS[part]}：${opened.verdict}`);
    own.set(part, { receipt, blob, index: opened.index });
  }
  return own;
}

/** One's own sheet, where it is opened in this session. */
const sheetOf = (own) => (own.get("sheet") ?? own.get("price"))?.index.sheet ?? null;

function price(own) {
  const sheet = sheetOf(own);
  return sheet ? tr`报价 ${separated(sheet.price)} 元，交货期 ${sheet.delivery}` : tr`报价文件保持封存`;
}

/**
 * The list of the hall, checked; null behind closed doors: there a supplier learns of no other, so only the closing is
 * checked now, and that the list has every envelope is checked by everybody with the result.
 */
async function checkedList({ done, number }, book) {
  if (book.hall?.live_sha256) {
    const { live, seen } = await checkHall(book, number);
    done(tr`封存清单核对一致：${live.length} 份都在封存日志中，见证签名 ${seen} 个`);
    return live;
  }
  if (!book.hall || book.hall.closing !== book.closed?.closing) throw new DoesNotHold(tr`大厅公布的封存清单与${called.closing}记录不同`);
  const { seen } = await checkClosing(book);
  done(tr`闭门开启：${called.closing}记录核对一致，见证签名 ${seen} 个；完整清单随结果公开后可以核验`);
  return null;
}

/** 到场并解密: present/1, check, open one's own, rel/1 for every part. */
export async function arriveAndRelease(context) {
  const { by, done, number, closesAt, drain } = context;
  checkClock(closesAt, Number(drain));
  const book = await bookOf(number, context.roomUrl);
  if (book.until) checkClock(book.until, Number(drain));
  await say("present/1", { unit: unitOf(number, partsOn(book)[0]) }, context);
  done(tr`已签到`);
  checkPassed(book, context.org);
  const live = await checkedList(context, book);
  const own = await ownEnvelopes(context, book, live);
  const versions = [...new Set([...own.values()].map(({ receipt }) => receipt.seq))].join("、");
  done(tr`在本机打开了自己的${called.bid}：项目 ${number}，第 ${versions} 版，${price(own)}`);
  for (const [part, { blob, receipt }] of own) {
    const header = await envelope.readHeader(blob);
    const b = b64u(await by.half({ unit: header.unit, cmh: header.cmh, slot: header.slot, eid: header.eid }));
    const fields = { unit: unitOf(number, part), eid: receipt.eid, role: "b", closing: book.hall.closing, b };
    const heard = await say("rel/1", fields, context);
    keepNote(context, heard.note);
    done(tr`${PART_WORDS[part]}的解密凭据已释放，回执已保存`);
  }
  return tr`到场并解密完成。请留在大厅，${called.read_out}后确认报价。`;
}

/** The signed word for a release: kept, for it proves that one released in time. */
export function keepNote({ org, number }, note) {
  const place = `mingbiao:notes:${org}:${number}`;
  const all = JSON.parse(localStorage.getItem(place) ?? "[]");
  if (note && !all.includes(note)) localStorage.setItem(place, JSON.stringify([...all, note]));
}

/** The bidder's rescue of his own envelopes where holders fell short. */
export async function rescue(context) {
  const { by, done, number } = context;
  const book = await bookOf(number, context.roomUrl);
  const own = await ownEnvelopes(context, book, await checkedList(context, book));
  for (const [part, { blob, receipt }] of own) {
    const header = await envelope.readHeader(blob);
    const place = { unit: header.unit, cmh: header.cmh, slot: header.slot, eid: header.eid };
    const polynomial = (await by.polynomial(header.c.k, place)).map(b64u);
    const fields = { unit: unitOf(number, part), eid: receipt.eid, role: "rescue", closing: book.hall.closing, rescue: polynomial };
    try {
      keepNote(context, (await say("rel/1", fields, context)).note);
      done(tr`${PART_WORDS[part]}的补救凭据已释放`);
    } catch (wrong) {
      // A part that opened all the same needs no rescue.
      if (!wrong.has?.("rescue.not-needed")) throw wrong;
    }
  }
  return tr`补救凭据已释放。`;
}

/** ack/1 over the record, after one's own price was compared with what was opened here. */
export async function acknowledge(context) {
  const { done, number, isBidder, org } = context;
  const book = await bookOf(number, context.roomUrl);
  if (!book.record) throw new DoesNotHold(tr`公开日志中还没有${called.opening}记录`);
  const record = JSON.parse(new TextDecoder().decode(await blobOf(book.record.sha256)));
  done(tr`${called.opening}记录与公开日志所记摘要一致`);
  if (isBidder === "1") await checkOwnPrice(context, book, record, org);
  await say("ack/1", { unit: unitOf(number, partsOn(book)[0]), record_sha256: book.record.sha256 }, context);
  return tr`已签署${called.opening}记录，并写入公开日志。`;
}

async function checkOwnPrice(context, book, record, org) {
  const row = record.bidders.find((bidder) => bidder.org === org);
  const { live } = await checkHall(book, context.number);
  const own = await ownEnvelopes(context, book, live);
  const sheet = sheetOf(own);
  if (!canonical.same(row?.sheet ?? null, sheet)) {
    throw new DoesNotHold(tr`记录所载与本单位${called.bid}的${price(own)}不一致。请不要签字，先提出异议。`);
  }
  context.done(tr`本单位${price(own)}，与${called.bid}一致`);
}

/** obj/1. @param {any} context @param {string} text */
export async function object(context, text) {
  const book = await bookOf(context.number, context.roomUrl);
  await say("obj/1", { unit: unitOf(context.number, partsOn(book)[0]), text }, context);
  context.done(tr`异议已写入公开日志，请等待主持人答复`);
}

/** The supervisor's few/1, after the list and all its proofs are checked here. */
export async function signFew(context) {
  const { done, number, closingUrl } = context;
  const book = await bookOf(number, context.roomUrl);
  const { tree, seen } = await checkClosing(book);
  const told = await getJson(closingUrl);
  if (told.closing !== book.closed.closing) throw new DoesNotHold(tr`清单与${called.closing}记录的承诺不符`);
  const list = canonical.dumps(typeof told.list === "string" ? JSON.parse(told.list) : told.list);
  const live = await checkList({ closing: told.closing, nonce: told.nonce, list, rows: told.sealed }, tree, number);
  const bidders = new Set(told.sealed.map(({ sub }) => sub.org));
  done(tr`清单核对一致：${live.length} 份信封，${bidders.size} 家，见证签名 ${seen} 个`);
  if (bidders.size >= told.min) throw new DoesNotHold(tr`${called.bidder}并不少于法定数量，不应签署`);
  await say("few/1", { unit: unitOf(number, partsOn(book)[0]), closing: told.closing, min: told.min }, context);
  return tr`已签署${called.bidder}不足。主持人可据此宣布；名单保持封存。`;
}

