// A procurement's RECORD.zip, read and checked in a browser: the checks of `python -m proofs verify`, in its words.

import { equal } from "./bytes.js";
import { parseVkey } from "./note.js";
import { run } from "./record/checks.js";
import { drawn } from "./record/draws.js";
import * as hall from "./record/hall.js";
import * as outcome from "./record/outcome.js";
import { room } from "./record/room.js";
import { seats } from "./record/seating.js";
import * as trail from "./record/trail.js";
import { tr } from "../parts/words.js";

export { read } from "./record/archive.js";

/** @type {Record<string, [string | ((words: any) => string), (record: any) => string | Promise<string>]>} */
export const CHECKS = {
  signature: [tr`日志签名`, trail.signature],
  witnesses: [tr`见证签名`, trail.witnesses],
  inclusion: [tr`日志收录`, trail.inclusion],
  sequence: [tr`记录完整`, trail.sequence],
  objects: [tr`附件`, trail.objects],
  notices: [tr`公告`, trail.notices],
  committees: [tr`密钥清单`, trail.committees],
  room: [tr`闭门记录`, room],
  closing: [tr`截止清单`, hall.closing],
  sealed: [tr`密封递交`, hall.sealed],
  releases: [tr`开启声明`, hall.releases],
  verdicts: [tr`重新开启`, hall.verdicts],
  "opening-record": [({ opening }) => tr`${opening}记录`, hall.openingRecord],
  draws: [tr`随机抽取`, drawn],
  seats: [tr`评审委员会`, seats],
  report: [tr`评审报告`, outcome.report],
  sheets: [tr`评分表`, outcome.sheets],
  award: [({ award }) => tr`${award}结果`, outcome.award],
};

/**
 * Every check, one after the other: {name, holds: true | false | null (nothing to check yet), text}.
 * @param {any} record @param {(done: number, all: number) => void} [progress]
 */
export async function verify(record, progress = () => {}) {
  const found = [];
  for (const [name, [title, check]] of Object.entries(CHECKS)) {
    progress(found.length, Object.keys(CHECKS).length);
    found.push(await run(name, typeof title === "string" ? title : title(record.words), check, record));
  }
  return found;
}

/** Whether the record's keys for its logs are these. @param {any} record @param {string} log @param {string} sealed */
export async function isOf(record, log, sealed) {
  const [a, b] = [await parseVkey(log), await parseVkey(sealed)];
  return a.id === record.log.id && equal(a.key, record.log.key) && b.id === record.sealed.id && equal(b.key, record.sealed.key);
}
