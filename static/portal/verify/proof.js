// What can be said of an entry's place in the log: who signed, whether the entry is there, who watched.

import { BadNote, cosigners, openedCheckpoint, parseProof, parseVkey } from "../../proofs/note.js";
import { verifyInclusion } from "../../proofs/merkle.js";
import { getJson, getText } from "../../parts/doors.js";
import { tr } from "../../parts/words.js";
import { cross, open, tick } from "./lines.js";

/** The lines of a `.tlog-proof`. @param {string} text @param {Uint8Array | null} leaf the entry's hash, where it is known */
export async function proofLines(text, leaf) {
  const proof = parseProof(text);
  const logs = await Promise.all(["/log/vkey", "/sealed/vkey"].map(async (url) => parseVkey(await getText(url))));
  const log = logs.find(({ name }) => proof.checkpoint.startsWith(`${name}\n`));
  if (!log) throw new BadNote(tr`这份证明不是本平台日志的`);
  const tree = await openedCheckpoint(proof.checkpoint, log);
  const { vkeys, quorum } = await getJson("/witnesses");
  const seen = await cosigners(proof.checkpoint, await Promise.all(vkeys.map(parseVkey)));
  const lines = [tick(tr`日志 ${log.name} 签署了这个检查点，共 ${tree.size} 条。`)];
  if (leaf) {
    const included = await verifyInclusion({ leaf, index: proof.index, size: tree.size, proof: proof.hashes, root: tree.root });
    lines.push(included ? tick(tr`条目在日志第 ${proof.index} 位。`) : cross(tr`条目不在这个检查点之下。`));
  } else {
    lines.push(open(tr`证明本身没有条目：请连同回执一起放进来。`, tr`位置 ${proof.index}`));
  }
  lines.push(seen.size >= quorum && seen.size > 0
    ? tick(tr`${seen.size} 位见证人签过这个检查点：${[...seen.keys()].join("、")}。`)
    : open(tr`这个检查点还没有足够的见证签名：只能证明平台自己这样说过。`));
  return lines;
}
