// A published list of who enrolled in the supermarket: whether it is whole, what the closing committed to, and signed.

import { hex } from "../../proofs/bytes.js";
import { whyNotEntrants } from "../../proofs/entrants.js";
import { cosigners, openedCheckpoint, parseVkey } from "../../proofs/note.js";
import { Refusal, getJson, getText } from "../../parts/doors.js";
import { tr } from "../../parts/words.js";
import { cross, open, tick } from "./lines.js";

/** By what it says it is, whatever it is called. @param {any} told */
export const isEntrants = (told) => told?.v === "entrants/1";

/** What can be said of one. @param {any} told */
export async function entrantLines(told) {
  const faults = await whyNotEntrants(told);
  if (faults.length) return faults.map((fault) => cross(tr`名单不成立。`, fault));
  return [
    tick(tr`项目 ${told.number} 截止时的报名名单，共 ${told.live.length} 家；每家的条目都在封存日志里，都在截止之前。`),
    tick(tr`名单与截止时的承诺相符，没有增减。`, told.closing),
    ...(await noteLines(told)), ...(await loggedLines(told)),
  ];
}

async function noteLines({ note, sealed_log: log }) {
  const tree = await openedCheckpoint(note, await parseVkey(await getText("/sealed/vkey")));
  if (tree.size !== log.size || hex(tree.root) !== log.root) return [cross(tr`名单里的两处封存检查点不一致。`)];
  const { vkeys, quorum } = await getJson("/witnesses");
  const seen = await cosigners(note, await Promise.all(vkeys.map(parseVkey)));
  return [tick(tr`封存日志签署了这个检查点，共 ${tree.size} 条（含填充）。`),
    seen.size > 0 && seen.size >= quorum
      ? tick(tr`${seen.size} 位见证人签过这个检查点：${[...seen.keys()].join("、")}。`)
      : open(tr`这个检查点没有足够的见证签名：只能证明平台自己这样说过。`)];
}

/** Whether the public log committed to this list when enrolment closed, before anybody could read it. */
async function loggedLines({ number, closing }) {
  let told;
  try {
    told = await getJson(`/api/streams/project/${encodeURIComponent(number)}/entries?after=0`);
  } catch (wrong) {
    if (!(wrong instanceof Refusal)) throw wrong;
    return [open(tr`本站没有这个项目的公开日志：名单出自别处的，请到那里核对。`, number)];
  }
  const closed = told.entries.find(({ kind }) => kind === "selection.enrolment-closed");
  if (!closed) return [open(tr`公开日志里还没有这个项目的报名截止记录。`)];
  return [closed.data.closing === closing
    ? tick(tr`公开日志在截止时记下的承诺就是这一份。`, closing)
    : cross(tr`公开日志在截止时记下的是另一份名单！请保存好文件，联系监督部门。`, closed.data.closing)];
}
