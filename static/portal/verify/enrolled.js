// A receipt of an enrolment in the supermarket, or of taking one back: who signed it, what it says, and once the list is
// public whether it names the receipt's entry. Nothing is asked before about the firm: the list is the same for everybody.

import { BadNote, opened } from "../../proofs/note.js";
import { hidesEvent } from "../../proofs/receipt.js";
import { Refusal, getJson } from "../../parts/doors.js";
import { tr } from "../../parts/words.js";
import { cross, open, tick } from "./lines.js";

const TEXT = /^(enrolment|withdrawal)\/v1\npurchase (\S+)\nprovider (\S+)\nreceived (\S+)\nleaf sha256:([0-9a-f]{64})\n$/;
const shanghai = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", dateStyle: "short", timeStyle: "medium" });

/** @param {string} note */
export const isEnrolment = (note) => /^(enrolment|withdrawal)\/v1\n/.test(note);

/** What can be said of one. Throws BadNote when it is none of the platform's. @param {string} note */
export async function enrolmentLines(note, key) {
  const told = TEXT.exec(await opened(note, key));
  if (!told) throw new BadNote("not an enrolment");
  const [, kind, number, provider, received, leaf] = told;
  const lines = [
    tick(tr`平台的回执密钥 ${key.name} 签过它，一字未改。`),
    tick(kind === "enrolment" ? tr`项目 ${number} 的报名，机构 ${provider}。` : tr`项目 ${number} 的撤回报名，机构 ${provider}。`),
    tick(tr`收到时间 ${shanghai.format(new Date(received))}（北京时间）。`, received),
  ];
  return [...lines, ...(await listLines({ kind, number, provider, leaf }))];
}

async function listLines({ kind, number, provider, leaf }) {
  let list;
  try {
    list = await getJson(`/purchases/${encodeURIComponent(number)}/choice/entrants.json`);
  } catch (wrong) {
    if (!(wrong instanceof Refusal)) throw wrong;
    return [open(tr`报名名单还没有公布：截止以后、家数足够的才公布，那时再来，这里会自动核对。`, tr`条目 ${leaf}`)];
  }
  const row = list.live.find(({ org }) => org === provider);
  if (kind === "withdrawal") {
    return [row ? open(tr`名单上有该机构：撤回以后又报过名。`) : tick(tr`公布的名单上没有该机构，撤回生效了。`)];
  }
  if (!row) return [open(tr`公布的名单上没有该机构：没有撤回过的，请凭这张回执立即联系监督部门。`, tr`条目 ${leaf}`)];
  return [(await hidesEvent({ leaf }, row.event, row.nonce))
    ? tick(tr`公布的名单上有该机构，名单里的条目就是这张回执的条目。`, tr`条目 ${leaf}`)
    : open(tr`名单上的是该机构的另一次报名；这一次已经撤回。`, tr`条目 ${leaf}`)];
}
