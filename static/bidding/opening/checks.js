// What a client checks before it releases anything (docs/proofs.md, closing 4 and opening 1): the public list is the
// one committed to, every bid on it lies in the witnessed sealed log, one's own is the one of one's receipt.

import { hex, sha256, unhex } from "../../proofs/bytes.js";
import * as canonical from "../../proofs/canonical.js";
import * as closings from "../../proofs/closing.js";
import { present } from "../../proofs/earlier.js";
import { leafHash, verifyInclusion } from "../../proofs/merkle.js";
import { cosigners, openedCheckpoint, parseVkey } from "../../proofs/note.js";
import * as statements from "../../proofs/statement.js";
import { entriesOf, getBytes, getJson, getText } from "../../parts/doors.js";
import { terms as called, tr } from "../../parts/words.js";

/** Something does not hold: nothing must be released. */
export class DoesNotHold extends Error {
  name = "DoesNotHold";
}

const need = (holds, words) => {
  if (!holds) throw new DoesNotHold(words);
};

/** A blob by its hash, compared with it. @param {string} digest */
export async function blobOf(digest) {
  const data = await getBytes(`/blobs/${digest}`);
  need(hex(await sha256(data)) === digest, tr`服务器给出的公开文件与日志所记摘要不符`);
  return data;
}

/**
 * What the record says of a tender so far: the public one, and behind closed doors what a party may read of it.
 * @param {string} number @param {string} [roomUrl]
 */
export async function bookOf(number, roomUrl = "") {
  const book = { done: {}, paused: false, called: {}, shut: {} };
  const entries = roomUrl ? (await getJson(roomUrl)).entries : await entriesOf(`project/${number}`);
  for (const { kind, data: said, room } of entries) {
    const data = room ? said : present(kind, said); // behind closed doors a supplier is told an outline, and only today's form
    if (kind === "tender.terms") book.terms ??= data;
    if (kind === "tender.closed") book.closed ??= data;
    if (kind === "opening.hall-opened") book.hall ??= data;
    if (kind === "tender.deadline-moved" && book.terms?.deadline === data.was) book.terms = { ...book.terms, deadline: data.deadline };
    if (kind === "opening.bidders-done") {
      for (const part of Object.keys(data.released ?? {})) book.done[part] ??= data;
    }
    if (kind === "tech.passed") book.passed ??= data;
    if (kind === "bidding.round-called") book.called[data.round] ??= data;
    if (kind === "bidding.round-closed") book.shut[data.round] ??= data;
    if (kind === "opening.session-opened" && data.round) nextRound(book, data);
    else if (kind === "opening.session-opened") book.session ??= data;
    if (kind === "opening.paused" || kind === "opening.resumed") book.paused = kind === "opening.paused";
    if (kind === "opening.record") book.record = data;
  }
  return book;
}

/** A round's quotes have a list of their own, and are released anew. */
function nextRound(book, opened) {
  Object.assign(book, { session: opened, hall: opened, closed: book.shut[opened.round], until: book.called[opened.round]?.until });
  delete book.done.price;
}

/** The deadline and the drain are past by this computer's own clock. @param {string} closesAt @param {number} drain */
export function checkClock(closesAt, drain) {
  need(Date.now() > Date.parse(closesAt) + 1000 * drain,
    tr`按本机时钟还没有到${called.closing}时间。请核对本机时间；在此之前不释放任何凭据。`);
}

/** The sealed checkpoint of the closing is signed and witnessed. Returns its size and root. @param {any} book */
export async function checkClosing(book) {
  const { closed, terms } = book;
  need(closed && terms, tr`公开日志中还没有${called.closing}记录`);
  const log = await parseVkey(await getText("/sealed/vkey"));
  const tree = await openedCheckpoint(closed.note, log);
  need(tree.size === closed.sealed.size && hex(tree.root) === closed.sealed.root, tr`${called.closing}记录与封存日志的检查点不一致`);
  const witnesses = await Promise.all(terms.witnesses.vkeys.map(parseVkey));
  const seen = await cosigners(closed.note, witnesses);
  need(seen.size >= terms.witnesses.quorum, tr`见证签名不足：需要 ${terms.witnesses.quorum} 个，只有 ${seen.size} 个。请等待，不会因此失去${called.bid}。`);
  return { tree, seen: seen.size };
}

/** The list is the one committed to before the names were public, and every bid on it is in the sealed log. */
export async function checkList({ closing, nonce, list, rows }, tree, number) {
  const cls = closings.parse(list);
  need(cls.tender === number, tr`封存清单不是本项目的`);
  need((await closings.commitment(nonce, list)) === closing, tr`公布的名单与${called.closing}时承诺的封存清单不符`);
  need(rows.length === cls.live.length, tr`封存证明的条数与清单不符`);
  for (const row of rows) {
    const listed = cls.live.find(({ eid }) => eid === row.sub.eid);
    need(listed && listed.sub_sha256 === (await statements.digest(row.sub)), tr`清单上的${called.bid}与所签声明不符`);
    const c = hex(await sha256("ev1/blind\0", unhex(row.nonce, 32, "nonce"), canonical.dumps(row.event)));
    const leaf = await leafHash(canonical.dumps({ v: "ev/1", c }));
    const proof = (row.proof ?? []).map((hash) => unhex(hash, 32, "proof"));
    const claim = { leaf, index: row.index, size: tree.size, proof, root: tree.root };
    need(await verifyInclusion(claim), tr`有一份${called.bid}不在见证过的封存日志中`);
  }
  return cls.live;
}

/** The list of an open hall, checked. @param {any} book @param {string} number */
export async function checkHall(book, number) {
  need(book.hall, tr`${called.opening}大厅还没有开启`);
  need(book.hall.closing === book.closed?.closing, tr`大厅公布的封存清单与${called.closing}记录不同`);
  const { tree, seen } = await checkClosing(book);
  const list = await blobOf(book.hall.live_sha256);
  const rows = JSON.parse(new TextDecoder().decode(await blobOf(book.hall.sealed_sha256)));
  const { closing, nonce } = book.hall;
  const live = await checkList({ closing, nonce, list, rows }, tree, number);
  return { live, seen, owners: new Map(rows.map(({ sub }) => [sub.eid, sub.org])) };
}

/** The member's place and keys in a part's manifest. @param {any} kcm parsed @param {string} org */
export const memberOf = (kcm, org) => kcm.c.members.find((member) => member.org === org);

