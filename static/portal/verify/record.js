// A procurement's public record in plain sentences: what this browser recomputed, and what only the command line does.

import * as records from "../../proofs/record.js";
import { getText } from "../../parts/doors.js";
import { el } from "../../parts/dom.js";
import { tr } from "../../parts/words.js";
import { cross, open, show, tick } from "./lines.js";

/** What each check found, when it holds. */
const HELD = {
  signature: ({ origin, size }) => tr`日志 ${origin} 签署了这个检查点，共 ${size} 条。`,
  witnesses: ({ names }) => tr`见证人签过这个检查点：${names.join("、")}。`,
  inclusion: ({ entries, keys }) => tr`${entries} 条项目记录和 ${keys} 条密钥记录，每一条都在日志里。`,
  sequence: ({ entries }) => tr`项目记录连续 ${entries} 条，没有缺号。`,
  objects: ({ objects }) => tr`${objects} 个附件，内容都与其摘要相符。`,
  closing: ({ live }) => (live === null ? tr`已按时截标封存；没有开标，名单保持封存。` : tr`开标时公布的 ${live} 份清单，就是截标时承诺的那一份。`),
  sealed: ({ sealed }) => tr`${sealed} 份密封件都在截标前进入封存日志，递交声明由投标人签名。`,
  releases: ({ releases }) => tr`${releases} 份开启声明由各方签名，密钥保管人都在投标人之后释放。`,
  verdicts: ({ verdicts, again }) => tr`${verdicts} 个开启结论；其中 ${again} 份开标一览表已在本机重新解密，结果相同。`,
  "opening-record": ({ bidders, signatures }) => tr`开标记录中 ${bidders} 家的内容与结论一致，${signatures} 方签名有效。`,
  draws: ({ draws }) => tr`${draws} 次随机抽取用公开数据重算，种子和结果相同。`,
  report: ({ bids, name, rank, amount }) => tr`${bids} 家的价格分、总分、名次已重算，与评标报告相同；中标 ${name}，第 ${rank} 名，${amount} 元。`,
};
const NAMES = {
  signature: tr`日志签名`, witnesses: tr`见证签名`, inclusion: tr`日志收录`, sequence: tr`记录完整`, objects: tr`附件`,
  closing: tr`截止清单`, sealed: tr`密封递交`, releases: tr`开启声明`, verdicts: tr`重新开启`, "opening-record": tr`开标记录`,
  draws: tr`随机抽取`, report: tr`评标与中标`,
};

function lineOf({ name, holds, facts, why }) {
  if (holds) return tick(HELD[name](facts));
  if (holds === false) return cross(tr`${NAMES[name]}：不成立！`, why);
  if (name === "witnesses") return open(tr`没有约定见证人：只能证明平台自己这样说过。`);
  return open(tr`${NAMES[name]}：项目还没有进行到这一步。`);
}

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
      open(tr`以下各项只有命令行工具核对：密钥清单上保管人的签名、抽取中各方的签名和先后、公告格式、专家与席位、合同。`, `python -m proofs verify ${name}`)]);
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
