// Checks a receipt: who signed it, what it says, and after the closing whether the sealed log and the closing list have
// it. Nothing is asked about the receipt itself before the closing is public: until then it is only read and compared.

import { hex, unhex } from "../../proofs/bytes.js";
import * as closings from "../../proofs/closing.js";
import { verifyInclusion } from "../../proofs/merkle.js";
import { cosigners, openedCheckpoint, parseProof, parseVkey, sameTree } from "../../proofs/note.js";
import * as receipts from "../../proofs/receipt.js";
import { wordsOf } from "../../proofs/words.js";
import { blobOf, bookOf } from "../../bidding/opening/checks.js";
import { PART_WORDS } from "../../parts/dom.js";
import { Refusal, getJson, getText } from "../../parts/doors.js";
import { tr } from "../../parts/words.js";
import { enrolmentLines, isEnrolment } from "./enrolled.js";
import { cross, open, tick } from "./lines.js";

/** The notes of a text that may hold several receipts one after another. @param {string} text */
export function notesOf(text) {
  return text.replaceAll("\r\n", "\n").split(/(?=^(?:receipt|enrolment|withdrawal)\/v1$)/m)
    .map((one) => `${one.trimEnd()}\n`).filter((one) => one.startsWith("receipt/v1") || isEnrolment(one));
}

const shanghai = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });

/** What can be said of one receipt. Throws BadNote when it is none of the platform's. @param {string} note */
export async function receiptLines(note) {
  const key = await parseVkey(await getText("/receipts/vkey"));
  if (isEnrolment(note)) return enrolmentLines(note, key);
  const receipt = await receipts.verified(note, key);
  const { tender, part } = receipt.unit;
  const what = receipt.kind === "bid"
    ? tr`第 ${receipt.seq} 版（信封 ${receipt.envelope.slice(0, 12)}…，${receipt.size} 字节）` : tr`第 ${receipt.seq} 号撤回`;
  const book = await storyOf(tender);
  const named = part === "sheet" ? wordsOf(book.terms?.edition).sheet : PART_WORDS[part] ?? part;
  const lines = [
    tick(tr`平台的回执密钥 ${key.name} 签过它，一字未改。`),
    tick(tr`项目 ${tender} 的${named}，${what}，递交单位 ${receipt.bidder}。`),
    tick(tr`收到时间 ${shanghai.format(new Date(receipt.received))}（北京时间）。`, receipt.received),
  ];
  return [...lines, ...(await laterLines(receipt, book))];
}

async function laterLines(receipt, book) {
  if (!book.closed) {
    return [
      open(tr`现在还不能核对它是否在封存日志里：公开日志中还没有这个项目的截止封存记录。`, tr`条目 ${receipt.leaf}`),
      open(tr`截止前平台不向任何人给出存在证明，否则会让人数出有多少家递交；截止封存之后再来，这里会自动核对。`),
    ];
  }
  const lines = [];
  const tree = await closingTree(book, lines);
  if (!tree) return lines;
  await inclusionLines(receipt, tree, lines);
  if (receipt.kind === "bid") await listLines(receipt, book, lines);
  return lines;
}

async function storyOf(tender) {
  try {
    return await bookOf(tender);
  } catch (wrong) {
    if (wrong instanceof Refusal) return {};
    throw wrong;
  }
}

/** The checkpoint of the closing, once it is signed; with what its witnesses say. */
async function closingTree({ closed, terms }, lines) {
  const log = await parseVkey(await getText("/sealed/vkey"));
  const tree = await openedCheckpoint(closed.note, log);
  if (tree.size !== closed.sealed.size || hex(tree.root) !== closed.sealed.root) {
    lines.push(cross(tr`截止记录里的两处封存检查点不一致。`));
    return null;
  }
  const { vkeys, quorum } = terms?.witnesses ?? (await getJson("/witnesses"));
  const seen = await cosigners(closed.note, await Promise.all(vkeys.map(parseVkey)));
  lines.push(tick(tr`截止时封存日志 ${log.name} 的检查点已公布并签名，共 ${tree.size} 条（含填充）。`));
  lines.push(seen.size > 0 && seen.size >= quorum
    ? tick(tr`${seen.size} 位见证人签过这个检查点：${[...seen.keys()].join("、")}。`)
    : open(tr`这个检查点没有足够的见证签名：只能证明平台自己这样说过。`));
  return tree;
}

async function inclusionLines(receipt, tree, lines) {
  let written;
  try {
    written = await getText(`/receipts/${receipt.eid}/${receipt.leaf}.tlog-proof`);
  } catch (wrong) {
    if (!(wrong instanceof Refusal)) throw wrong;
    lines.push(cross(tr`截止时的封存日志里找不到这张回执的条目！请保存好回执，立即联系监督部门。`, tr`条目 ${receipt.leaf}`));
    return;
  }
  const proof = parseProof(written);
  const shown = await openedCheckpoint(proof.checkpoint, await parseVkey(await getText("/sealed/vkey")));
  const claim = { leaf: unhex(receipt.leaf, 32, "leaf"), index: proof.index, size: tree.size, proof: proof.hashes, root: tree.root };
  lines.push(sameTree(shown, tree) && (await verifyInclusion(claim))
    ? tick(tr`回执的条目就在截止时的封存日志里：第 ${proof.index} 条。它没有被丢掉，也没有被换掉。`, tr`条目 ${receipt.leaf}`)
    : cross(tr`平台给出的存在证明对不上！请保存好回执，立即联系监督部门。`, tr`条目 ${receipt.leaf}`));
}

/** Whether the public list of the opening has it. A list that stays sealed says nothing. */
async function listLines(receipt, { closed, hall }, lines) {
  if (!hall) {
    lines.push(open(tr`大厅开启后，还能核对它是否在公布的封存清单上；不予开启的项目，清单保持封存。`));
    return;
  }
  const list = await blobOf(hall.live_sha256);
  if ((await closings.commitment(hall.nonce, list)) !== closed.closing) {
    lines.push(cross(tr`开启时公布的清单与截止时承诺的不是同一份！`));
    return;
  }
  const listed = closings.parse(list).live.find(({ eid }) => eid === receipt.eid);
  if (!listed) lines.push(open(tr`它不在开启清单上：这一版在截止前已被替换或撤回，保持封存。若并非如此，请凭回执联系监督部门。`));
  else if (listed.env_sha256 === receipt.envelope) lines.push(tick(tr`它在开启时公布的封存清单上，信封摘要与回执相同。`));
  else lines.push(cross(tr`清单上的信封与回执上的不同！请保存好回执，立即联系监督部门。`));
}
