// The hall live: new lines of the record, the picture after each, what the reader may do.

import { getDocument, postJson } from "../../parts/doors.js";
import { fragment } from "../../parts/fragment.js";
import { serverNow } from "../../parts/site.js";
import { follow } from "../../parts/tail.js";
import * as tools from "./tools.js";

const root = document.getElementById("hall");
const main = document.getElementById("hall-main");
const actions = document.getElementById("hall-actions");
const entries = document.getElementById("hall-entries");
const badge = document.getElementById("hall-live");
const SETTLING = 150; // one picture for a burst of lines
const LOOK_AGAIN = 5_000;
let wanted = null;

function hear(entry) {
  if (!entries.querySelector(`[data-seq="${entry.seq}"]`)) {
    entries.querySelector("[data-empty]")?.remove();
    const line = fragment(entry.line ?? "");
    line.firstElementChild?.classList.add("entry--new");
    entries.prepend(line);
  }
  look();
}

/** Fetch the picture soon, once for all that is asked meanwhile. */
function look() {
  wanted ??= setTimeout(async () => {
    wanted = null;
    try {
      await redraw();
    } catch {
      setTimeout(look, LOOK_AGAIN);
    }
  }, SETTLING + Math.random() * SETTLING);
}

async function redraw() {
  const picture = await getDocument(root.dataset.fragmentUrl);
  main.replaceChildren(...[...picture.body.childNodes].map((node) => document.adoptNode(node)));
  const offered = await getDocument(root.dataset.actionsUrl);
  const ids = new Set([...offered.querySelectorAll("section[id]")].map((section) => section.id));
  for (const section of offered.querySelectorAll("section[id]")) {
    const shown = document.getElementById(section.id);
    if (section.id === "hall-tools") tools.refresh(shown, document.adoptNode(section), actions);
    else if (!shown) actions.append(document.adoptNode(section));
    else if (!isInUse(shown)) shown.replaceWith(document.adoptNode(section));
  }
  for (const shown of actions.querySelectorAll(":scope > section[id]")) {
    const past = !ids.has(shown.id) && shown.id !== "hall-tools";
    if (past && !isInUse(shown)) shown.remove();
  }
}

/** Somebody is writing there: replacing it would throw his words away. */
function isInUse(section) {
  const typed = [...section.querySelectorAll("input:not([type=hidden]), textarea")].some((input) => input.value);
  return typed || section.contains(document.activeElement);
}

/** Some acts begin with the clock, not with a line: look again while one is due. */
function mayHaveMoved() {
  const act = document.getElementById("hall-now")?.dataset.act;
  const due = [...main.querySelectorAll("[data-countdown]")].some((shown) => Date.parse(shown.dataset.countdown) <= serverNow());
  if (root.dataset.shut === "1") return true; // what happens behind closed doors is on no public stream
  return ["sealing", "closed"].includes(act) || (["waiting", "bidders", "rescue", "causes"].includes(act) && due);
}

follow(
  { socket: root.dataset.socket, entriesUrl: root.dataset.entriesUrl, after: Number(root.dataset.seq) },
  {
    hear,
    live(isLive) {
      badge.textContent = isLive ? badge.dataset.live : badge.dataset.lost;
      badge.className = `badge badge--${isLive ? "ok" : "warn"}`;
    },
  },
);
setInterval(() => { if (mayHaveMoved() && !document.hidden) look(); }, LOOK_AGAIN);
tools.refresh(document.getElementById("hall-tools"), null, actions);

/** While the host's page is open it says so from time to time; a hall without a sign of presence may be taken over. */
let stayed = Date.now();
setInterval(async () => {
  const held = document.getElementById("hall-controls")?.dataset;
  if (!held || !Number(held.renew) || Date.now() - stayed < 1000 * Number(held.renew)) return;
  stayed = Date.now();
  try {
    const { mine } = await postJson(held.stayUrl, {});
    if (!mine) look();
  } catch {
    look();
  }
}, 1_000);
