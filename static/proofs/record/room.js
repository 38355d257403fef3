// What happened behind closed doors: nothing of it was public before the result, and all of it is with it.

import { hex, sha256, unhex } from "../bytes.js";
import * as canonical from "../canonical.js";
import { leafHash, verifyInclusion } from "../merkle.js";
import { openedCheckpoint } from "../note.js";
import { tr } from "../../parts/words.js";
import { ROOM } from "./archive.js";
import { NotYet, need } from "./checks.js";
import { isWitnessed, witnessKeys } from "./trail.js";

const KINDS = ["opening.", "tech.passed"];
const NAMING = ["opening.hall-opened", "opening.session-opened", "opening.present", "opening.bidder-released",
  "opening.bidders-done", "opening.holder-released", "opening.verdict", "opening.record", "opening.ended",
  "opening.acknowledged", "opening.objected", "tech.passed"];

export async function room(record) {
  const [entry, terms] = [record.one(ROOM), record.one("tender.terms")];
  if (!terms) throw new NotYet(tr`尚未发布投标条件`);
  if (terms.event.d.closed_hall !== true) {
    need(!entry, tr`本项目公开${record.words.opening}，不得有闭门记录`);
    return tr`公开${record.words.opening}，没有闭门记录`;
  }
  need(!record.entries.some(({ event }) => NAMING.includes(event.t)), tr`闭门期间的记录被提前公开`);
  if (!entry) throw new NotYet(tr`结果公告后公开`);
  const data = entry.event.d;
  const { size, root } = await openedCheckpoint(data.note, record.sealed);
  need(size === data.sealed.size && hex(root) === data.sealed.root, tr`密封日志的检查点不符`);
  const witnessed = await isWitnessed(data.note, await witnessKeys(record), record.terms.witnesses.quorum);
  need(witnessed, tr`unwitnessed：密封日志的检查点见证签名不足`);
  const rows = record.json(data.sha256);
  let last = 0;
  for (const [at, { event, nonce, index, proof }] of rows.entries()) {
    const [number, { d }] = [at + 1, event];
    need(d.stream === record.stream && d.seq === number, tr`闭门记录第 ${number} 条缺失或不属于本项目`);
    need(last <= d.after && d.after < data.seq, tr`闭门记录第 ${number} 条的先后有误`);
    need(KINDS.some((kind) => event.t.startsWith(kind)), tr`闭门记录第 ${number} 条不该在闭门期间发生`);
    last = d.after;
    const c = hex(await sha256("ev1/blind\0", unhex(nonce, 32, "nonce"), canonical.dumps(event)));
    const leaf = await leafHash(canonical.dumps({ v: "ev/1", c }));
    const path = proof.map((each) => unhex(each, 32, "proof"));
    need(await verifyInclusion({ leaf, index, size, proof: path, root }), tr`闭门记录第 ${number} 条不在密封日志中`);
  }
  need(rows.length === data.count, tr`闭门记录的条数不符`);
  return tr`${rows.length} 条闭门记录都在密封日志中，连续无缺号，结果公告前未公开`;
}
