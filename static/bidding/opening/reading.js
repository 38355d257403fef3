// The common read-out: the record says when it began and how long a row takes, the server's clock says which row it is.
// Whoever comes late, reconnects or opens a second page sees and hears the same row as everybody else.

import { serverNow } from "../../parts/site.js";
import { tr } from "../../parts/words.js";
import { canSpeak, hush, say, sentence } from "./spoken.js";

const common = document.getElementById("voice-common");
const rate = document.getElementById("voice-rate");
const note = document.getElementById("voice-note");
let shown = "";

/** Whose row is read at an instant: a place, -1 before the first, and as many as there are after the last. */
export const placeAt = (begins, seconds, count, now) => Math.max(-1, Math.min(count, Math.floor((now - begins) / (1000 * seconds))));

function mark(org) {
  for (const row of document.querySelectorAll("#hall-table tbody tr[data-org]")) {
    row.classList.toggle("is-read", row.dataset.org === org);
    if (row.dataset.org === org) row.setAttribute("aria-current", "true");
    else row.removeAttribute("aria-current");
  }
}

function tick() {
  const told = document.getElementById("hall-reading");
  if (!told) {
    if (shown) hush();
    shown = "";
    return;
  }
  const orgs = told.dataset.orgs.split(" ");
  const place = placeAt(Date.parse(told.dataset.begins), Number(told.dataset.seconds), orgs.length, serverNow());
  const rows = [...document.querySelectorAll("#hall-table tbody tr[data-org]")];
  const index = rows.findIndex((row) => row.dataset.org === orgs[place]);
  const key = `${told.dataset.begins} ${place}`;
  mark(orgs[place] ?? null);
  const words = told.querySelector("[data-now]");
  const text = place < 0 ? tr`即将开始，共 ${orgs.length} 家` : place >= orgs.length ? tr`已唱完，共 ${orgs.length} 家`
    : index >= 0 ? sentence(rows[index], index) : "";
  if (words.textContent !== text) words.textContent = text; // the picture may have been drawn anew
  if (key === shown) return;
  shown = key;
  hush();
  if (index < 0 || !common.checked) return;
  if (canSpeak()) say(text, Number(rate.value));
  else note.textContent = tr`这台设备没有可用的中文语音，请看文字稿。`;
}

common.addEventListener("change", () => {
  if (!common.checked) hush();
  shown = ""; // whoever joins hears the row that is read now
});
setInterval(tick, 250);
