// A PDF that the site issued: its hash is made here and looked up; the entry that names it is checked against the log.
// The file itself is sent nowhere.

import { hex, utf8 } from "../../proofs/bytes.js";
import { leafHash } from "../../proofs/merkle.js";
import { sha256Blob } from "../../proofs/sha256.js";
import { getJson } from "../../parts/doors.js";
import { el } from "../../parts/dom.js";
import { tr } from "../../parts/words.js";
import { cross, open, show, tick } from "./lines.js";
import { proofLines } from "./proof.js";

const shanghai = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });

/** By its own bytes, whatever it is called. @param {Blob} file */
export const isPaper = async (file) => (await file.slice(0, 5).text()) === "%PDF-";

/** Say whether it is a paper of this site, and show it. @param {HTMLElement} place @param {File} file */
export async function checkPaper(place, file) {
  const digest = hex(await sha256Blob(file));
  const told = await getJson(`/papers/by-hash/${digest}.json`);
  if (!told.entry) {
    show(place, file.name, [cross(tr`本平台没有签发过这样一份文书，或者它被改动过。`, digest),
      open(tr`扫描件、照片和另存的文件字节不同，对不上；开启记录的打印件请在该项目的文书页核对。`)]);
    return;
  }
  const { t, ts, d } = JSON.parse(told.entry);
  if (t !== "documents.issued" || d.sha256 !== digest) {
    show(place, file.name, [cross(tr`日志里的这一条说的不是这个文件。`, told.entry)]);
    return;
  }
  const where = told.proof ? await proofLines(told.proof, await leafHash(utf8(told.entry))) : [open(tr`这一条正在写入日志，稍后再核对它的位置。`)];
  show(place, tr`「${d.title}」`, [
    tick(tr`与签发时记入公开日志的摘要相同，一字未改。`, digest),
    tick(tr`${shanghai.format(new Date(ts))}（北京时间）签发，公开日志 ${d.stream} 第 ${d.seq} 条。`),
    tick(tr`签章证书的指纹应为 ${d.certificate}。`, tr`请与 PDF 阅读器里显示的相比`),
    ...where,
  ], told.entry);
  place.append(el("p", { class: "small" }, el("a", { href: told.address }, tr`签发记录`)));
}
