// A contributor at the browser: its slot keys, its commitment, its deal, its value. What hides the value until the
// reveal is kept in this browser between the steps (and recovered by the others if it is lost).

import { b64u, hex, sha256 } from "../proofs/bytes.js";
import * as draws from "../proofs/draw.js";
import * as statements from "../proofs/statement.js";
import { el } from "../parts/dom.js";
import { getJson, postJson, trouble } from "../parts/doors.js";
import { serverNow } from "../parts/site.js";
import { keyInputs } from "../parts/unlock.js";
import { tr } from "../parts/words.js";

const root = document.getElementById("contribute");
const { draw: id, org, stateUrl, statementsUrl } = root.dataset;
const j = Number(root.dataset.j);
const place = `mingbiao:draw:${org}:${id}`;
const key = keyInputs(org, { older: true });
const button = el("button", { class: "btn", type: "button" }, tr`参与抽取`);
const steps = el("ul", { class: "checks" });
const status = root.querySelector("[data-status]");
const LOOK_AGAIN = 2_000;

const post = (statement, more = {}) => postJson(statementsUrl, { statement, ...more });
const sign = (by, v, fields) => statements.sign(v, fields, by, statements.instant(serverNow()));
const done = (words) => steps.append(el("li", { class: "is-done" }, words));
const kept = () => JSON.parse(localStorage.getItem(place) ?? "null");

async function ownKeys(by, m) {
  return by.slotKeys({ unit: { draw: id }, role: "d", count: m, first: 1 });
}

const STEPS = {
  async keys(by, state) {
    if (by.heir) throw new Error(tr`第 ${by.gen} 代已吊销，不再用它制钥。请刷新本页，只选现行一代的密钥文件。`);
    const keys = await ownKeys(by, state.contributors.length);
    const fields = { id, j, keys_sha256: hex(await sha256(keys)) };
    await post(await sign(by, "dk/1", fields), { keys: b64u(keys) });
    done(tr`本次抽取的公钥已交`);
  },

  async commits(by, state) {
    const spec = await draws.parseSpec(state.spec);
    const mine = spec.contributors[j - 1];
    if (mine.org !== org || b64u(mine.keys) !== b64u(await ownKeys(by, spec.m))) {
      throw new Error(tr`规格里的公钥不是本单位的，请勿参与，并通知监督部门。`);
    }
    if (!state.statements?.some((said) => said.v === "pool/1")) throw new Error(tr`监督部门还没有对候选名单签字。`);
    if (kept()?.sid !== hex(spec.sid)) {
      const r = draws.randomCoefficients(spec);
      const deal = await draws.makeDeal(spec, j, r);
      localStorage.setItem(place, JSON.stringify({ sid: hex(spec.sid), deal, r: r.map(hex) }));
    }
    const h = await draws.dealCommitment(spec, j, kept().deal);
    await post(await sign(by, "dc/1", { sid: hex(spec.sid), j, h }));
    done(tr`随机数已在本机产生，承诺已交`);
  },

  async deals(by, state) {
    const { sid, deal } = mustHave(state);
    await post(await sign(by, "dd/1", { sid, j, deal_sha256: hex(await sha256(deal)) }), { deal });
    done(tr`份额已密封给其他参与方`);
  },

  async complaints(by, state) {
    const spec = await draws.parseSpec(state.spec);
    for (const [dealer, text] of Object.entries(state.deals)) {
      if (Number(dealer) === j) continue;
      const sk = await by.slotKey({ unit: { draw: id }, role: "d", slot: Number(dealer) });
      const deal = draws.parseDeal(spec, Number(dealer), text);
      if (await draws.isCheated(spec, deal, j, sk)) {
        await post(await sign(by, "dp/1", { sid: hex(spec.sid), j, dealer: Number(dealer), sk: b64u(sk) }));
        done(tr`第 ${dealer} 方发来的份额打不开，已举证`);
      }
    }
    done(tr`其他参与方的份额已核对`);
  },

  async reveals(by, state) {
    const { sid, r } = mustHave(state);
    await post(await sign(by, "dr/1", { sid, j, r }));
    done(tr`随机数已公开`);
  },

  async recovery(by, state) {
    const spec = await draws.parseSpec(state.spec);
    for (const dealer of state.dealers.filter((one) => one !== j && !state.reveals[one])) {
      const sk = await by.slotKey({ unit: { draw: id }, role: "d", slot: dealer });
      await post(await sign(by, "dp/1", { sid: hex(spec.sid), j, dealer, sk: b64u(sk) }));
      done(tr`已为第 ${dealer} 方恢复随机数交出份额钥匙`);
    }
  },
};

function mustHave(state) {
  const held = kept();
  if (held?.sid !== state.sid) throw new Error(tr`本机没有这次抽取的随机数（可能换了浏览器）。其他参与方会用份额恢复它，抽取照常进行。`);
  return held;
}

const hasSpoken = (state, phase) => {
  const kind = { keys: "dk/1", commits: "dc/1", deals: "dd/1", reveals: "dr/1" }[phase];
  return state.statements?.some((said) => said.v === kind && said.org === org) ?? false;
};

async function takePart() {
  button.disabled = true;
  const taken = new Set();
  try {
    const by = await key.open();
    status.textContent = tr`正在参与，请保持本页打开。`;
    for (;;) {
      const state = await getJson(stateUrl);
      const { phase } = state;
      if (phase === "settled" || phase === "void") {
        status.textContent = phase === "settled" ? tr`抽取已完成，刷新本页查看结果。` : tr`本次抽取作废。`;
        return;
      }
      // Deals and values wait until what came before is in a checkpoint the witnesses have seen.
      const waits = ["deals", "reveals"].includes(phase) && state.gate_open === false;
      if (STEPS[phase] && !taken.has(phase) && !waits) {
        if (!hasSpoken(state, phase)) await STEPS[phase](by, state);
        taken.add(phase);
      }
      await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN));
    }
  } catch (wrong) {
    status.replaceChildren(trouble(wrong));
  } finally {
    button.disabled = false;
  }
}

button.addEventListener("click", takePart);
status.before(el("form", { class: "stack", onsubmit: (event) => event.preventDefault() }, key.fields, button), steps);
