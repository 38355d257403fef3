// The opening table read out by the reader's own device, bidder by bidder, with a transcript that follows. The table of
// the page is the text; where there is no voice, the transcript alone is there.

import { el } from "../../parts/dom.js";
import { tr } from "../../parts/words.js";
import { spoken as said } from "../../parts/yuan.js";

const section = document.getElementById("voice");
const [play, rate, note, transcript] = ["play", "rate", "note", "transcript"].map((name) => document.getElementById(`voice-${name}`));
const voices = globalThis.speechSynthesis;
let reading = -1;

/** The sentences of the table on the page: one for each bidder whose price is there. */
function sentences() {
  const rows = [...document.querySelectorAll("#hall-table tbody tr, #replay-rows tr")];
  return rows.map((row, index) => {
    const cell = (label) => row.querySelector(`[data-label="${label}"]`)?.firstChild?.textContent.trim() ?? "";
    const [name, price, delivery] = [cell(tr`投标人`), cell(tr`投标报价（元）`), cell(tr`交货期`)];
    return !price || price === "—" ? tr`第 ${index + 1} 家，${name}，没有读出报价。`
      : tr`第 ${index + 1} 家，${name}，投标报价 ${said(price)}，交货期 ${delivery}。`;
  });
}

/** Write the transcript again when the table has changed and nobody is being read to. */
function write() {
  const told = sentences();
  const read = [...document.querySelectorAll("#hall-table tbody .num, #replay-rows .num")].some((cell) => !["", "—"].includes(cell.textContent.trim()));
  section.hidden = !read;
  if (reading >= 0 || transcript.textContent === told.join("")) return;
  transcript.replaceChildren(...told.map((text) => el("li", {}, text)));
}

function mark(index) {
  [...transcript.children].forEach((line, at) => {
    line.classList.toggle("is-read", at === index);
    if (at === index) line.setAttribute("aria-current", "true");
    else line.removeAttribute("aria-current");
  });
}

function stop() {
  reading = -1;
  voices?.cancel();
  mark(-1);
  play.textContent = play.dataset.start;
  write();
}

function speak(index) {
  if (reading < 0) return;
  if (index >= transcript.children.length) {
    stop();
    return;
  }
  reading = index;
  mark(index);
  const spoken = new SpeechSynthesisUtterance(transcript.children[index].textContent);
  spoken.lang = "zh-CN";
  spoken.rate = Number(rate.value);
  spoken.voice = voices.getVoices().find(({ lang }) => lang.replace("_", "-").startsWith("zh")) ?? null;
  spoken.addEventListener("end", () => { if (reading === index) speak(index + 1); });
  spoken.addEventListener("error", () => { if (reading === index) silent(); });
  voices.speak(spoken);
}

function silent() {
  stop();
  play.disabled = true;
  note.textContent = tr`这台设备没有可用的中文语音，请看文字稿。`;
}

play.addEventListener("click", () => {
  if (reading >= 0) {
    stop();
    return;
  }
  if (!voices || !voices.getVoices().length) {
    silent();
    return;
  }
  reading = 0;
  play.textContent = play.dataset.stop;
  speak(0);
});
addEventListener("pagehide", () => voices?.cancel());
for (const place of ["hall-main", "replay-rows"]) {
  const watched = document.getElementById(place);
  if (watched) new MutationObserver(write).observe(watched, { childList: true, subtree: true });
}
write();
