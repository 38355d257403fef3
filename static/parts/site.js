// The small script of every page: the server's clock, countdowns by it, and two-press protection.
// Nothing here is needed to read a page or send a form.
import { tr } from "./words.js";

const clock = document.querySelector("[data-clock]");
const skew = clock ? Date.parse(clock.dateTime) - Date.now() : 0;

/** The present by the server's clock, in milliseconds. */
export function serverNow() {
  return Date.now() + skew;
}

const shanghai = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit",
  hour: "2-digit", minute: "2-digit", second: "2-digit",
});

/** "04:18", "2:04:18" or "3 天 02:04:18" for a number of milliseconds. */
export function timeLeft(milliseconds) {
  const all = Math.max(0, Math.ceil(milliseconds / 1000));
  const two = (number) => String(number).padStart(2, "0");
  const [days, hours, minutes, seconds] = [all / 86400, (all / 3600) % 24, (all / 60) % 60, all % 60].map(Math.floor);
  const tail = `${two(minutes)}:${two(seconds)}`;
  if (days) return tr`${days} 天 ${two(hours)}:${tail}`;
  return hours ? `${hours}:${tail}` : tail;
}

// A screen reader hears a countdown at these moments only.
const MILESTONES = [3600, 1800, 600, 300, 60, 30, 10];
const spoken = new WeakMap();

function tick() {
  if (clock) clock.textContent = shanghai.format(serverNow());
  for (const shown of document.querySelectorAll("[data-countdown]")) {
    const left = Date.parse(shown.dataset.countdown) - serverNow();
    shown.textContent = left > 0 ? timeLeft(left) : shown.dataset.over;
    const voice = shown.parentElement.querySelector("[data-countdown-voice]");
    const seconds = Math.ceil(left / 1000);
    const milestone = left <= 0 ? 0 : MILESTONES.findLast((mark) => seconds <= mark);
    if (voice && milestone !== undefined && spoken.get(voice) !== milestone) {
      // The first reading is silent unless the time is already short: the page itself says the instant.
      if (spoken.has(voice) || seconds <= 60) voice.textContent = `${voice.dataset.label} ${shown.textContent}`;
    }
    if (voice) spoken.set(voice, milestone);
  }
}
tick();
setInterval(tick, 1000);

document.addEventListener("click", (event) => {
  const button = event.target.closest("[aria-disabled=true]");
  if (button) event.preventDefault();
});
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.dataset.sent) event.preventDefault();
  else if (form.method === "post") form.dataset.sent = "1";
});
// A page restored from the back/forward cache may be sent again.
addEventListener("pageshow", () => document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent));
