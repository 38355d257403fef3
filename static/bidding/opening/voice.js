// The opening table read out by the reader's own device, bidder by bidder, with a transcript that follows. The table of
// the page is the text; where there is no voice, the transcript alone is there.

import { el } from "../../parts/dom.js";
import { tr } from "../../parts/words.js";
import { canSpeak, hush, say, sentence } from "./spoken.js";

const section = document.getElementById("voice");
const [play, rate, note, transcript] = ["play", "rate", "note", "transcript"].map((name) => document.getElementById(`voice-${name}`));
let reading = -1;

/** The sentences of the table on the page: one for each bidder whose price is there. */
const sentences = () => [...document.querySelectorAll("#hall-table tbody tr, #replay-rows tr")].map(sentence);

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
  hush();
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
  say(transcript.children[index].textContent, Number(rate.value), {
    end: () => { if (reading === index) speak(index + 1); },
    error: () => { if (reading === index) silent(); },
  });
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
  if (!canSpeak()) {
    silent();
    return;
  }
  reading = 0;
  play.textContent = play.dataset.stop;
  speak(0);
});
addEventListener("pagehide", hush);
for (const place of ["hall-main", "replay-rows"]) {
  const watched = document.getElementById(place);
  if (watched) new MutationObserver(write).observe(watched, { childList: true, subtree: true });
}
write();
