// The page behind the code on a printed receipt: the receipt comes after the `#` of the address, which no browser sends,
// or is pasted, or dropped as a file.

import { el, say } from "../../parts/dom.js";
import { trouble } from "../../parts/doors.js";
import { tr } from "../../parts/words.js";
import { unpacked } from "../../documents/packed.js";
import { cross, show } from "./lines.js";
import { notesOf, receiptLines } from "./receipt.js";

const form = document.getElementById("receipt-form");
const pasted = document.getElementById("receipt-text");
const file = document.getElementById("receipt-file");
const verdict = document.getElementById("verdict");

/** @param {string} text */
async function check(text) {
  verdict.hidden = false;
  verdict.replaceChildren(el("h2", {}, tr`核验结果`));
  const notes = notesOf(text);
  if (!notes.length) {
    show(verdict, tr`回执`, [cross(tr`这里面没有回执。回执以 receipt/v1 开头，以签名行结尾；请完整粘贴。`)]);
  }
  for (const note of notes) {
    try {
      show(verdict, tr`回执`, await receiptLines(note), note);
    } catch (wrong) {
      if (wrong.name === "Unreachable") verdict.append(trouble(wrong));
      else show(verdict, tr`回执`, [cross(tr`签名或格式对不上：不是本平台签出的，或被改动过。`, wrong.message)], note);
    }
  }
  verdict.dataset.done = String(Number(verdict.dataset.done ?? 0) + 1);
  verdict.focus();
}

async function fromAddress() {
  const packed = location.hash.slice(1);
  if (!packed) return;
  try {
    pasted.value = await unpacked(packed);
  } catch {
    verdict.hidden = false;
    verdict.replaceChildren(el("h2", {}, tr`核验结果`), say("bad", tr`地址里的回执不完整：请重新扫描，或把回执文本粘贴到上面。`));
    return;
  }
  await check(pasted.value);
}

form.hidden = false;
form.addEventListener("submit", (event) => {
  event.preventDefault();
  check(pasted.value);
});
file.addEventListener("change", async () => {
  pasted.value = (await Promise.all([...file.files].map((one) => one.text()))).join("\n");
  await check(pasted.value);
});
form.addEventListener("dragover", (event) => event.preventDefault());
form.addEventListener("drop", async (event) => {
  event.preventDefault();
  pasted.value = (await Promise.all([...event.dataTransfer.files].map((one) => one.text()))).join("\n");
  await check(pasted.value);
});
addEventListener("hashchange", fromAddress);
await fromAddress();
