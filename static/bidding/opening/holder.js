// A key holder by hand: everything docs/proofs.md asks of a holder is checked in this browser before a key leaves it.

import { b64u, equal } from "../../proofs/bytes.js";
import * as canonical from "../../proofs/canonical.js";
import * as manifests from "../../proofs/manifest.js";
import { cosigners, openedCheckpoint, parseVkey } from "../../proofs/note.js";
import { reader } from "../../proofs/tiles.js";
import * as x25519 from "../../proofs/x25519.js";
import { PART_WORDS } from "../../parts/dom.js";
import { entriesOf, getBytes, getText } from "../../parts/doors.js";
import { terms as called, tr } from "../../parts/words.js";
import { checkPassed, keepNote, partsOn, say } from "./acts.js";
import { DoesNotHold, blobOf, bookOf, checkClock, checkHall, memberOf } from "./checks.js";

const need = (holds, words) => {
  if (!holds) throw new DoesNotHold(words);
};
const NEEDED = ["tender.terms", "tender.deadline-moved", "tender.closed", "opening.hall-opened", "opening.bidders-done", "tech.passed",
  "opening.session-opened", "bidding.round-called", "bidding.round-closed"];
const TRIES = 10;
const AGAIN = 1_000;

/** The log's entry of a fact as the stream tells it. */
const entryBytes = ({ stream, seq, at, kind, data }) => canonical.dumps({ v: "ev/1", t: kind, ts: at, d: { stream, seq, ...data } });

/** What the release rests on stands in the public log under a checkpoint the witnesses have seen. */
export async function checkWitnessed(number, terms) {
  const log = await parseVkey(await getText("/log/vkey"));
  const witnesses = await Promise.all(terms.witnesses.vkeys.map(parseVkey));
  const facts = (await entriesOf(`project/${number}`)).filter(({ kind }) => NEEDED.includes(kind));
  for (let tries = 1; ; tries += 1) {
    const written = await getText("/log/checkpoint");
    const head = await openedCheckpoint(written, log);
    const seen = await cosigners(written, witnesses);
    try {
      need(seen.size >= terms.witnesses.quorum, tr`公开日志还没有足够的见证签名。请稍候再试，不会因此失去${called.bid}。`);
      await reader(head, (path) => getBytes(`/log/${path}`)).find(facts.map(entryBytes));
      return seen.size;
    } catch (wrong) {
      if (tries === TRIES) throw wrong; // the newest entries are placed and cosigned a moment later
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
    }
  }
}

/**
 * Release for one opening: the keys of exactly the released envelopes, in one batch for each part.
 * @param {{by: import("../../proofs/organisation.js").Organisation, done: (words: string) => void, number: string}} context
 */
export async function releaseKeys(context) {
  const { by, done, number } = context;
  const book = await bookOf(number, context.roomUrl);
  need(book.terms, tr`公开日志中还没有${called.closing}记录`);
  checkClock(book.until ?? book.terms.deadline, book.terms.drain);
  need(!book.paused, tr`监督人员已暂停${called.opening}，暂不释放钥匙`);
  const { live, seen, owners } = await checkHall(book, number);
  const on = partsOn(book);
  need(on.every((part) => book.done[part]), tr`${called.bidder}解密环节还没有结束，不释放钥匙`);
  need(book.session?.round || new Set(owners.values()).size >= book.terms.min, tr`${called.bidder}少于法定数量，不释放钥匙`);
  const witnessed = await checkWitnessed(number, book.terms);
  done(tr`封存清单核对一致，封存日志见证签名 ${seen} 个，公开日志见证签名 ${witnessed} 个`);
  let sent = 0;
  for (const part of on) {
    const kcm = await manifests.parse(await blobOf(book.terms.units[part]));
    const member = memberOf(kcm, by.org);
    if (!member) continue;
    need(kcm.unit.tender === number && kcm.unit.part === part, tr`钥匙清单不是本项目这一部分的`);
    const listed = book.done[part].released[part];
    for (const eid of listed) checkPassed(book, owners.get(eid));
    const wanted = live.filter((row) => row.part === part && listed.includes(row.eid));
    need(wanted.length === listed.length, tr`解密名单上有不在封存清单中的信封`);
    for (const { eid, slot } of wanted) {
      const key = await by.slotKey({ unit: kcm.unit, role: "c", slot });
      need(equal(await x25519.publicKey(key), manifests.slotKey(member, slot)), tr`钥匙清单里本单位名下的公钥不是本密钥文件的。请立即联系监督部门。`);
      const fields = { unit: kcm.unit, eid, role: "c", closing: book.hall.closing, i: member.i, slot, sk: b64u(key) };
      keepNote(context, (await say("rel/1", fields, context)).note);
      sent += 1;
    }
    done(tr`${PART_WORDS[part]}：已释放 ${wanted.length} 把钥匙`);
  }
  need(sent, tr`没有要由本单位释放的钥匙`);
  return tr`钥匙已释放。`;
}
