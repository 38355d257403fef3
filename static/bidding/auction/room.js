// The room live: every public entry is replayed as it comes, by the same rules a verifier asks, and the page drawn from it.

import { getDocument } from "../../parts/doors.js";
import { el, say } from "../../parts/dom.js";
import { fragment } from "../../parts/fragment.js";
import { serverNow, timeLeft } from "../../parts/site.js";
import { follow } from "../../parts/tail.js";
import { tr } from "../../parts/words.js";
import { separated } from "../../parts/yuan.js";
import { lastQuotes, latestEnd, NoSuchAuction, step, yuan } from "../../proofs/auction.js";
import { draw } from "./chart.js";
import { control } from "./quote.js";

const root = document.getElementById("auction");
const { number, alias } = root.dataset;
const shown = (id) => document.getElementById(id);
const MOST_RUNGS = 200; // rows of the table; the log page has all
const SETTLING = 60; // one picture for a burst of entries
const money = (fen) => separated(yuan(fen));
const instant = (micros) => new Date(micros / 1000);
const moment = new Intl.DateTimeFormat("sv-SE", {
  timeZone: "Asia/Shanghai", year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", second: "2-digit",
});
const clock = new Intl.DateTimeFormat("sv-SE", { timeZone: "Asia/Shanghai", hour: "2-digit", minute: "2-digit", second: "2-digit" });

let ladder = null;
let newest = 0;
let wrong = null;
let drawing = null;
let phase = "";
let line = Promise.resolve();

const quoting = control(number, () => ladder, () => look());

function hear(entry) {
  if (entry.seq > Number(root.dataset.after) && !shown("auction-entries").querySelector(`[data-seq="${entry.seq}"]`)) {
    const told = fragment(entry.line ?? "");
    told.firstElementChild?.classList.add("entry--new");
    shown("auction-entries").prepend(told);
  }
  // One after the other: opening the aliases takes a moment.
  line = line.then(() => take(entry));
}

async function take(entry) {
  try {
    if (!wrong) ladder = await step(number, ladder, entry);
  } catch (found) {
    wrong = found instanceof NoSuchAuction ? found.message : String(found);
  }
  newest = entry.seq;
  if (/^auction\.(paused|resumed|ended|explan|explained)|^market\./.test(entry.kind)) look();
  drawing ??= setTimeout(() => {
    drawing = null;
    redraw();
  }, SETTLING);
}

function phaseNow() {
  if (!ladder) return "";
  if (ladder.ended) return "ended";
  if (ladder.pausedAt !== null) return "paused";
  const now = serverNow() * 1000;
  if (now < ladder.opensAt) return "waiting";
  return now < ladder.endsAt ? "running" : "closing";
}

const CLOCKS = {
  waiting: tr`距开始`, running: tr`距结束`, paused: tr`已暂停，剩余`, closing: tr`时间到，正在核对最后到达的报价`, ended: tr`已结束`,
};

/** What this reader may do now: fetched by those alone who have a part. */
let looking = null;
function look() {
  if (!root.dataset.actionsUrl) return;
  looking ??= setTimeout(async () => {
    looking = null;
    try {
      const offered = await getDocument(root.dataset.actionsUrl);
      const ids = new Set();
      for (const section of [...offered.body.children]) {
        ids.add(section.id);
        const old = shown(section.id);
        if (!old) shown("auction-actions").append(document.adoptNode(section));
        else if (section.id === "auction-quote") swapButton(old, section);
        else if (!isInUse(old)) {
          const open = old.open;
          old.replaceWith(document.adoptNode(section));
          if (open) section.open = true;
        }
      }
      for (const old of [...shown("auction-actions").children]) if (!ids.has(old.id)) old.remove();
      quoting.redraw();
    } catch {
      setTimeout(look, 3_000);
    }
  }, 100);
}

/** The sum being typed stays; only whether it may be sent is new. */
function swapButton(old, fresh) {
  const [was, is] = [old, fresh].map((section) => section.querySelector(".act"));
  if (was && is && was.innerHTML !== is.innerHTML && !was.contains(document.activeElement)) was.replaceWith(document.adoptNode(is));
}

function isInUse(section) {
  const typed = [...section.querySelectorAll("input:not([type=hidden]), textarea")].some((input) => input.value);
  return typed || section.contains(document.activeElement);
}

function drawClock() {
  const now = phaseNow();
  const left = shown("auction-left");
  shown("auction-clock-label").textContent = CLOCKS[now];
  if (now === "waiting") Object.assign(left.dataset, { countdown: instant(ladder.opensAt).toISOString(), over: tr`开始` });
  else if (now === "running") Object.assign(left.dataset, { countdown: instant(ladder.endsAt).toISOString(), over: tr`时间到` });
  else delete left.dataset.countdown;
  if (now === "waiting" || now === "running") left.textContent = timeLeft(Date.parse(left.dataset.countdown) - serverNow());
  else left.textContent = now === "paused" ? timeLeft((ladder.endsAt - Math.max(ladder.pausedAt, ladder.opensAt)) / 1000) : "";
  const until = instant(now === "waiting" ? ladder.opensAt : ladder.endsAt);
  shown("auction-until").dateTime = until.toISOString();
  shown("auction-until").textContent = moment.format(until);
  shown("auction-extended").textContent =
    tr`已延时 ${ladder.extended} 次，最多 ${ladder.most} 次，最迟 ${clock.format(instant(latestEnd(ladder)))}`;
  if (now !== phase) {
    if (phase) look();
    phase = now;
    root.dataset.phase = now;
  }
}

function placeWords() {
  const order = lastQuotes(ladder);
  const at = order.findIndex(([whose]) => whose === alias);
  if (at < 0) return { words: tr`尚未报价`, leads: false };
  if (at === 0) return { words: ladder.ended ? tr`您的报价最低` : tr`您的报价目前最低`, leads: true };
  return { words: tr`您排第 ${at + 1} 位（${order.length} 家已报价），您的最低报价 ${money(order[at][1])} 元`, leads: false };
}

function redraw() {
  if (!ladder) return;
  const { quotes } = ladder;
  const before = shown("auction-best").textContent;
  shown("auction-best").textContent = money(ladder.best ?? ladder.start);
  shown("auction-best-label").textContent = ladder.best === null ? tr`起始价（元）` : ladder.ended ? tr`最终最低价（元）` : tr`当前最低价（元）`;
  const name = ladder.names.get(ladder.leader)?.name;
  shown("auction-leader").textContent = quotes.length ? tr`${ladder.leader} 号，第 ${quotes.length} 次报价` + (name ? ` · ${name}` : "") : tr`还没有报价`;
  drawClock();
  shown("auction-pause").hidden = ladder.pausedAt === null;
  if (ladder.pausedAt !== null) shown("auction-pause-reason").textContent = ladder.reason;
  const place = shown("auction-place");
  if (place) {
    const { words, leads } = placeWords();
    shown("auction-place-words").textContent = words;
    place.dataset.leads = leads ? "1" : "0";
  }
  drawRungs(quotes);
  draw(shown("auction-chart"), ladder, alias, serverNow() * 1000);
  quoting.redraw();
  if (before !== shown("auction-best").textContent) {
    shown("auction-voice").textContent = tr`最低价 ${money(ladder.best ?? ladder.start)} 元` + (place ? `，${placeWords().words}` : "");
  }
  const checked = shown("auction-checked");
  if (wrong) checked.replaceChildren(say("bad", tr`公开记录与竞价规则不符：${wrong}`));
  else checked.textContent = tr`截至第 ${newest} 条，您的浏览器已按公布的规则逐条核对，全部相符。断线后自动补齐。`;
}

function drawRungs(quotes) {
  const body = shown("auction-rungs");
  shown("auction-no-rungs").hidden = quotes.length > 0;
  const have = Number(body.firstElementChild?.dataset.number ?? 0);
  const rows = quotes.slice(Math.max(have, quotes.length - MOST_RUNGS)).reverse().map((quote) =>
    el("tr", { "data-number": quote.number, class: quote.alias === alias ? "is-mine" : "" },
      el("td", { class: "num" }, String(quote.number)), el("th", { scope: "row" }, tr`${quote.alias} 号`),
      el("td", { class: "num" }, money(quote.price)),
      el("td", {}, el("time", { datetime: instant(quote.at).toISOString() }, clock.format(instant(quote.at))))));
  body.prepend(...rows);
  while (body.children.length > MOST_RUNGS) body.lastElementChild.remove();
  if (!ladder.names.size || body.dataset.named) return;
  body.dataset.named = "1";
  for (const row of body.children) {
    const whose = ladder.names.get(quotes[Number(row.dataset.number) - 1]?.alias);
    const cell = row.querySelector("th");
    if (whose && !cell.querySelector("small")) cell.append(" ", el("small", { class: "muted" }, whose.name));
  }
}

follow(
  { socket: root.dataset.socket, entriesUrl: root.dataset.entriesUrl, after: Number(root.dataset.after) },
  {
    hear,
    live(isLive) {
      const badge = shown("auction-live");
      badge.textContent = isLive ? badge.dataset.live : badge.dataset.lost;
      badge.className = `badge badge--${isLive ? "ok" : "warn"}`;
    },
  },
);
setInterval(() => { if (ladder && phaseNow() !== phase) drawClock(); }, 250);
