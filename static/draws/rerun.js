// Runs a draw again in the reader's own browser, from what was published, and says line by line what holds. The server
// gives the published messages and nothing else; it is not told what came out.

import * as draws from "../proofs/draw.js";
import * as canonical from "../proofs/canonical.js";
import { el } from "../parts/dom.js";
import { getJson, trouble } from "../parts/doors.js";
import { tr } from "../parts/words.js";

const root = document.getElementById("rerun");
const names = JSON.parse(document.getElementById("draw-names").textContent);
const button = root.querySelector("button");
const lines = root.querySelector("[data-lines]");
const line = (holds, words, more = "") =>
  el("li", { class: holds ? "is-done" : "is-bad" }, words, ...(more ? [el("br", {}), el("code", { class: "break small" }, more)] : []));
const called = (cid) => names[cid] ?? cid;
const plain = (rows) => rows.map(({ key, chosen, standby }) => ({ key, chosen, standby }));

async function rerun() {
  button.disabled = true;
  lines.replaceChildren();
  try {
    const told = await getJson(root.dataset.stateUrl);
    const outcome = await draws.conclude(told);
    lines.append(line(true, tr`候选名单 ${told.pool.length} 项，与抽取前公布的哈希一致`, told.spec.pool_sha256));
    lines.append(line(true, tr`${told.spec.contributors.length} 方参与，${outcome.counted.length} 方的随机数计入，全部与事先的承诺相符`));
    lines.append(line(true, tr`由这些随机数在本机算出种子`, outcome.seed));
    const same = canonical.same(plain(told.result ?? []), plain(outcome.result));
    lines.append(line(same, same ? tr`本机重算的结果与公布的一致` : tr`本机重算的结果与公布的不一致！`));
    for (const { chosen, standby } of outcome.result) {
      lines.append(line(same, tr`抽中：${chosen.map(called).join("、")}`));
      if (standby.length) lines.append(line(same, tr`候补：${standby.map(called).join("、")}`));
    }
    root.dataset.done = same ? "same" : "other";
  } catch (wrong) {
    root.dataset.done = "failed";
    lines.append(el("li", { class: "is-bad" }, wrong.name === "Unreachable" ? trouble(wrong) : tr`不成立：${wrong.message}`));
  }
  button.disabled = false;
}

button.hidden = false;
button.addEventListener("click", rerun);
