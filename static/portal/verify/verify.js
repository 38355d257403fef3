// Checks a file in the reader's browser and says in plain sentences what holds. The file is sent nowhere; only public
// keys and public entries are fetched.

import * as draws from "../../proofs/draw.js";
import * as canonical from "../../proofs/canonical.js";
import { el, say } from "../../parts/dom.js";
import { trouble } from "../../parts/doors.js";
import { tr } from "../../parts/words.js";
import { entrantLines, isEntrants } from "./entrants.js";
import { cross, open, show, tick } from "./lines.js";
import { checkPaper, isPaper } from "./paper.js";
import { proofLines } from "./proof.js";
import { checkRecord } from "./record.js";
import { notesOf, receiptLines } from "./receipt.js";

const drop = document.getElementById("drop");
const file = document.getElementById("file");
const verdict = document.getElementById("verdict");
const LARGEST = 64 * 2 ** 20;
// --- draws -----------------------------------------------------------------------------------------------------------

async function checkDraw(told) {
  const lines = [];
  let outcome;
  try {
    outcome = await draws.conclude(told);
  } catch (wrong) {
    if (!["Void", "Unfinished"].includes(wrong.name)) throw wrong;
    show(verdict, tr`抽取`, [open(wrong.name === "Void" ? tr`本次抽取作废，没有结果。` : tr`抽取还没有结束，公开的数据还不足以重算。`, wrong.message)]);
    return;
  }
  const m = told.spec.contributors.length;
  lines.push(tick(tr`候选名单 ${told.pool.length} 人，与抽取前公布的哈希一致。`));
  lines.push(tick(tr`${m} 方参与，${outcome.counted.length} 方的随机数计入，全部与事先的承诺相符。`,
    outcome.recovered.length ? tr`第 ${outcome.recovered.join("、")} 方没有公开，由其他各方恢复` : ""));
  lines.push(tick(tr`用公开数据重算得出种子。`, outcome.seed));
  const claimed = told.result ? summary(told.result) : null;
  if (claimed) {
    lines.push(canonical.same(claimed, summary(outcome.result)) ? tick(tr`重算的结果与公布的结果一致。`) : cross(tr`重算的结果与公布的不一致！`));
  } else {
    lines.push(open(tr`文件里没有公布的结果，以下是重算所得。`));
  }
  for (const { key, chosen, standby } of outcome.result) {
    lines.push(tick(tr`${key}：抽中 ${chosen.length} 人，候补 ${standby.length} 人。`, chosen.join(" ")));
  }
  show(verdict, tr`抽取`, lines);
}

function summary(result) {
  const rows = Array.isArray(result) ? result : Object.entries(result).map(([key, value]) => ({ key, ...value }));
  return Object.fromEntries(rows.map(({ key, chosen, standby }) => [key, { chosen, standby }]));
}

// --- files -----------------------------------------------------------------------------------------------------------

async function check(files) {
  verdict.hidden = false;
  verdict.replaceChildren(el("h2", {}, tr`核验结果`));
  let leaf = null;
  const [texts, zips, papers] = [[], [], []];
  for (const one of files) {
    if (await isPaper(one)) {
      papers.push(one);
    } else if (await isPacked(one)) {
      zips.push(one);
    } else if (one.size > LARGEST) {
      verdict.append(say("warn", tr`${one.name} 太大，不像回执、证明或抽取记录。`));
    } else {
      texts.push({ name: one.name, text: await one.text() });
    }
  }
  for (const { text } of texts) {
    for (const note of notesOf(text)) {
      const written = /^leaf sha256:([0-9a-f]{64})$/m.exec(note)?.[1]; // a torn receipt has none, and says so below
      if (written) leaf = Uint8Array.from(written.match(/../g), (pair) => parseInt(pair, 16));
    }
  }
  const checks = [
    ...texts.map(({ name, text }) => [name, () => checkText(name, text, leaf)]),
    ...papers.map((paper) => [paper.name, () => checkPaper(verdict, paper)]),
    ...zips.map((zip) => [zip.name, () => checkRecord(verdict, zip.name, zip)]),
  ];
  for (const [name, check] of checks) {
    try {
      await check();
    } catch (wrong) {
      if (wrong instanceof Unknown) {
        unknown(name);
        continue;
      }
      if (wrong.name === "Unreachable") {
        verdict.append(trouble(wrong));
        continue;
      }
      show(verdict, name, [cross(wrong.name === "BadNote" ? tr`签名或格式对不上：不是本平台签出的，或被改动过。` : tr`不成立或读不懂。`, wrong.message)]);
    }
  }
  verdict.focus();
  verdict.dataset.done = String(Number(verdict.dataset.done ?? 0) + 1);
}

/** By its own bytes, whatever it is called. @param {Blob} file */
const isPacked = async (file) => (await file.slice(0, 2).text()) === "PK";

/** It is none of the kinds this page knows: that is no fault of the file, and nothing was found against it. */
class Unknown extends Error {}

const unknown = (name) => verdict.append(el("section", { class: "stack", "data-holds": "unknown" },
  say("warn", tr`${name}：认不出这是什么文件，没有核对。`),
  el("ul", { class: "checks" },
    open(tr`请放入原始文件：回执（.txt）、存在证明（.tlog-proof）、draw.json、entrants.json、record.zip 或签发的 PDF。`),
    open(tr`截图、照片、另存或改过格式的文件认不出；请从原来的页面重新下载。`),
    open(tr`只有纸质回执的，用手机扫描上面的二维码，或者粘贴回执文本。`))));

function parsed(text) {
  try {
    return JSON.parse(text);
  } catch {
    throw new Unknown();
  }
}

async function checkText(name, text, leaf) {
  const notes = notesOf(text);
  if (notes.length) {
    for (const note of notes) show(verdict, tr`回执`, await receiptLines(note), note);
  } else if (text.startsWith("c2sp.org/tlog-proof@")) {
    show(verdict, tr`日志存在证明`, await proofLines(text, leaf), text);
  } else if (text.trimStart().startsWith("{")) {
    const told = parsed(text);
    if (isEntrants(told)) show(verdict, tr`报名名单`, await entrantLines(told));
    else if (told.spec && told.pool) await checkDraw(told);
    else throw new Unknown();
  } else {
    throw new Unknown();
  }
}

drop.hidden = false;
drop.addEventListener("submit", (event) => event.preventDefault());
file.multiple = true;
file.addEventListener("change", () => check([...file.files]));
drop.addEventListener("dragover", (event) => {
  event.preventDefault();
  drop.classList.add("is-over");
});
drop.addEventListener("dragleave", () => drop.classList.remove("is-over"));
drop.addEventListener("drop", (event) => {
  event.preventDefault();
  drop.classList.remove("is-over");
  check([...event.dataTransfer.files]);
});
