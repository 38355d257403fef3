// A procurement's public record in plain sentences: what this browser recomputed, in the words of the command line.

import * as records from "../../proofs/record.js";
import { getText } from "../../parts/doors.js";
import { el } from "../../parts/dom.js";
import { tr } from "../../parts/words.js";
import { cross, open, show, tick } from "./lines.js";

const lineOf = ({ holds, text }) => (holds === null ? open : holds ? tick : cross)(text);

/** Check a record and show what it says. @param {HTMLElement} place @param {string} name @param {Blob} file */
export async function checkRecord(place, name, file) {
  const meter = el("progress", { class: "meter", max: 1, value: 0, "aria-label": tr`核验进度` });
  place.append(meter);
  try {
    const record = await records.read(new Uint8Array(await file.arrayBuffer()));
    const found = await records.verify(record, (done, all) => {
      meter.max = all;
      meter.value = done;
    });
    show(place, tr`${record.number} 的公开记录包`, [...found.map(lineOf), await keyLine(record),
      open(tr`以上由本站的脚本核对。不想依赖本站的，请用命令行工具核对同一个文件，逐条相同。`, `python -m proofs verify ${name}`)]);
  } finally {
    meter.remove();
  }
}

async function keyLine(record) {
  const [log, sealed] = await Promise.all(["/log/vkey", "/sealed/vkey"].map(getText));
  return (await records.isOf(record, log, sealed))
    ? tick(tr`记录所用的日志公钥与本站公布的相同。请另行向见证人核对，不要只看本站所说。`)
    : open(tr`记录出自 ${record.log.name}，不是本站的日志：请另行核对它的公钥。`);
}
