// Plays a finished opening from the public record: the lines the page holds, shown in the rhythm in which they came.

import { el } from "../../parts/dom.js";
import { entriesOf, getJson } from "../../parts/doors.js";
import { terms, tr } from "../../parts/words.js";
import { figures, separated } from "../../parts/yuan.js";

const root = document.getElementById("replay");
const lines = [...document.querySelectorAll("#replay-entries > li")];
const [play, back, next, speed, place, now, rows] = ["play", "back", "next", "speed", "place", "now", "rows"]
  .map((name) => document.getElementById(`replay-${name}`));
const LONGEST_GAP = 3_000; // milliseconds of silence between two lines, however long it was
const SHORTEST_GAP = 150;
const STEADY = 1_000;
const ENDS = ["opening.ended", "opening.not-opened"];
const DISCLOSES = ["opening.quotes-disclosed", "opening.room-disclosed"];
const blob = (sha256) => getJson(`/blobs/${sha256}`);
const entries = await facts(root.dataset);
const opened = entries.find(({ kind }) => kind === "opening.hall-opened");
const named = opened ? (opened.data.bidders ?? await blob(opened.data.bidders_sha256)) : [];
const quoted = entries.find(({ kind }) => kind === DISCLOSES[0]);
const quotes = new Map(quoted ? (await blob(quoted.data.sha256)).map(({ eid, sheet }) => [eid, sheet]) : []);
let at = 1;
let timer = null;

/** The facts of the lines, in their order: public ones, and what was told behind closed doors, as it was disclosed. */
async function facts({ entries: stream, first, room }) {
  const open = (await entriesOf(stream, Number(first) - 1)).map((each) => ({ ...each, order: [each.seq, 0] }));
  const behind = (room ? await blob(room) : []).map(({ event: { t: kind, d: data } }) => ({ kind, data, order: [data.after, data.seq] }));
  const all = [...open, ...behind].sort((a, b) => a.order[0] - b.order[0] || a.order[1] - b.order[1]);
  const end = all.findLastIndex(({ kind }) => ENDS.includes(kind));
  return all.filter(({ kind }, at) => at <= end || DISCLOSES.includes(kind));
}

/** A sheet in a row of the table. */
function fill(row, { price, delivery }) {
  const amount = figures(String(price));
  row.price = amount ? separated(amount) : price;
  row.delivery = delivery ?? "—";
}

/** What the table showed after so many lines: one row for each bidder who was named. */
function picture(count) {
  const found = new Map();
  for (const { kind, data } of entries.slice(0, count)) {
    if (kind === "opening.hall-opened") {
      for (const { org, name } of named) found.set(org, { name, state: tr`待解密`, price: "—", delivery: "—", ...found.get(org) });
    }
    if (kind === DISCLOSES[0]) {
      for (const { kind: told, data: { org, eid } } of entries) if (told === "opening.verdict" && quotes.get(eid)) fill(found.get(org), quotes.get(eid));
    }
    const row = found.get(data.org);
    if (!row) continue;
    if (kind === "opening.present") row.state = tr`已签到`;
    if (kind === "opening.bidder-released") row.state = tr`已解密`;
    if (kind === "opening.acknowledged") row.state = tr`已确认`;
    if (kind === "opening.objected") row.state = tr`提出异议`;
    if (kind !== "opening.verdict") continue;
    row.state = data.verdict === "OK" ? tr`已开启` : tr`未能开启`;
    if (data.sheet) fill(row, data.sheet);
  }
  return [...found.values()];
}

function show(count, { aloud = true } = {}) {
  at = Math.max(1, Math.min(lines.length, count));
  lines.forEach((line, index) => {
    line.hidden = index >= at;
    line.classList.toggle("entry--new", index === at - 1);
    if (index === at - 1) line.setAttribute("aria-current", "step");
    else line.removeAttribute("aria-current");
  });
  const line = lines[at - 1];
  line.parentElement.scrollTop = line.offsetTop - line.parentElement.offsetTop - line.parentElement.clientHeight / 2;
  place.value = String(at);
  const [time, words] = [line.querySelector("time").textContent, [...line.childNodes].slice(1, -1).map((node) => node.textContent).join("").trim()];
  place.setAttribute("aria-valuetext", `${at} / ${lines.length} ${time}`);
  if (aloud) now.textContent = tr`第 ${at} 条，共 ${lines.length} 条 · ${time} ${words}`;
  rows.replaceChildren(...picture(at).map(({ name, state, price, delivery }) => el("tr", {},
    el("td", { "data-label": tr`${terms.bidder}` }, name), el("td", { "data-label": tr`状态` }, el("span", { class: "badge" }, state)),
    el("td", { "data-label": tr`${terms.price}（元）`, class: "num" }, price), el("td", { "data-label": tr`交货期` }, delivery))));
  const begun = [...document.querySelectorAll("[data-stage]")].filter((button) => Number(button.dataset.stage) <= at);
  document.querySelectorAll("[data-stage]").forEach((button) => button.setAttribute("aria-pressed", String(button === begun.at(-1))));
}

const instant = (line) => Date.parse(line.querySelector("time").dateTime);

function wait() {
  const factor = Number(speed.value);
  if (!factor) return STEADY;
  return Math.max(SHORTEST_GAP, Math.min(LONGEST_GAP, (instant(lines[at]) - instant(lines[at - 1])) / factor));
}

function turn() {
  if (at >= lines.length) {
    stop();
    return;
  }
  timer = setTimeout(() => {
    show(at + 1);
    turn();
  }, wait());
}

function stop() {
  clearTimeout(timer);
  timer = null;
  play.textContent = play.dataset.play;
}

play.addEventListener("click", () => {
  if (timer !== null) {
    stop();
    return;
  }
  if (at >= lines.length) show(1);
  play.textContent = play.dataset.pause;
  turn();
});
const jump = (count) => {
  stop();
  show(count);
};
back.addEventListener("click", () => jump(at - 1));
next.addEventListener("click", () => jump(at + 1));
place.addEventListener("input", () => jump(Number(place.value)));
for (const button of document.querySelectorAll("[data-stage]")) {
  button.addEventListener("click", () => jump(Number(button.dataset.stage)));
}
place.max = String(lines.length);
document.getElementById("replay-controls").hidden = false;
document.getElementById("replay-picture").hidden = false;
show(lines.length, { aloud: false });
root.dataset.ready = "yes";
