// A key holder's sitting in the browser: one key file, one passphrase, then everything that is due, one after the other.

import { b64u, concat, equal, hex, sha256 } from "../../proofs/bytes.js";
import * as canonical from "../../proofs/canonical.js";
import * as manifests from "../../proofs/manifest.js";
import * as statements from "../../proofs/statement.js";
import * as x25519 from "../../proofs/x25519.js";
import { DoesNotHold, blobOf, bookOf, memberOf } from "../../bidding/opening/checks.js";
import { releaseKeys } from "../../bidding/opening/holder.js";
import { PART_WORDS, el, say } from "../../parts/dom.js";
import { getJson, postJson, trouble } from "../../parts/doors.js";
import { serverNow } from "../../parts/site.js";
import { keyInputs } from "../../parts/unlock.js";
import { tr } from "../../parts/words.js";

const root = document.getElementById("sitting");
const { org, slotsUrl } = root.dataset;
const body = root.querySelector("[data-body]");
const status = root.querySelector("[data-status]");
const key = keyInputs(org, { older: true });
const unitOf = (number, part) => ({ tender: number, lot: "1", part });
const BREATH = 16; // keys made before the page may draw again

const button = (words, act, quiet = false) => {
  const made = el("button", { class: quiet ? "btn btn--quiet" : "btn", type: "button", "data-act": act.name }, words);
  made.addEventListener("click", () => run(made, act));
  return made;
};
const buttons = [
  button(tr`核对并释放全部到时的钥匙`, releaseAll, root.dataset.due === "0"),
  button(tr`确认就绪`, confirmAll, !document.querySelector("[data-confirms]")),
  button(tr`预制钥匙`, makeKeys, root.dataset.toMake === "0" || root.dataset.due !== "0"),
];
body.append(el("form", { class: "stack", onsubmit: (event) => event.preventDefault() }, key.fields, el("div", { class: "row" }, ...buttons)));

async function run(pressed, act) {
  for (const each of buttons) each.disabled = true;
  const steps = el("ul", { class: "checks" });
  status.replaceChildren(steps);
  const done = (words) => steps.append(el("li", { class: "is-done" }, words));
  try {
    const by = await key.open();
    status.append(say("ok", await act(by, done)));
  } catch (wrong) {
    status.append(trouble(wrong));
  } finally {
    for (const each of buttons) each.disabled = false;
  }
}

/** Every opening that waits for this holder, each checked for itself: one that does not hold stops none of the others. */
async function releaseAll(by, done) {
  const due = [...document.querySelectorAll("#openings-list > [data-releases]")];
  const failed = [];
  for (const line of due) {
    const { number } = line.dataset;
    const context = { by, org, number, statementsUrl: `/api/projects/${number}/statements`, done: (words) => done(`${number} · ${words}`) };
    try {
      await releaseKeys(context);
      line.removeAttribute("data-releases");
      const badge = line.querySelector(".badge");
      badge.className = "badge badge--ok";
      badge.textContent = tr`本单位已释放`;
    } catch (wrong) {
      failed.push(number);
      status.append(el("div", { class: "stack" }, el("strong", {}, number), trouble(wrong)));
    }
  }
  if (failed.length) throw new Error(tr`${failed.length} 场没有释放，原因见上；其余已办完。`);
  return due.length ? tr`${due.length} 场的钥匙已全部释放。` : tr`现在没有要释放的钥匙。刷新本页可看最新情况。`;
}

/** rdy/1 for every opening to come, once its manifest is seen to hold this key file's keys. */
async function confirmAll(by, done) {
  const lines = [...document.querySelectorAll("#openings-list > [data-confirms]")];
  for (const line of lines) {
    const { number } = line.dataset;
    const { terms } = await bookOf(number);
    const [part, cmh] = Object.entries(terms.units)[0];
    const kcm = await manifests.parse(await blobOf(cmh));
    const mine = memberOf(kcm, org);
    const key = await by.slotKey({ unit: kcm.unit, role: "c", slot: 0 });
    if (!mine || !equal(await x25519.publicKey(key), manifests.slotKey(mine, 0))) {
      throw new DoesNotHold(tr`钥匙清单里本单位名下的公钥不是本密钥文件的。请立即联系监督部门。`);
    }
    const said = await statements.sign("rdy/1", { unit: unitOf(number, part), cmh }, by, statements.instant(serverNow()));
    await postJson("/api/holders/ready", said);
    line.removeAttribute("data-confirms");
    const badge = line.querySelector(".badge");
    badge.className = "badge badge--ok";
    badge.textContent = tr`已确认就绪`;
    done(tr`${number} · 已确认就绪`);
  }
  return lines.length ? tr`${lines.length} 场已确认就绪。` : tr`现在没有要确认的场次。`;
}

/** The public slot keys of a unit, made with pauses in which the page draws. */
async function slotKeysOf(by, unit, slots, meter) {
  const keys = [];
  for (let slot = 0; slot < slots; slot += 1) {
    keys.push(await x25519.publicKey(await by.slotKey({ unit, role: "c", slot })));
    if (slot % BREATH === 0) {
      meter.value += BREATH;
      await new Promise((resolve) => setTimeout(resolve));
    }
  }
  return concat(...keys);
}

/** Slot keys and trial openings that drafts wait for, then slot keys of every reserved number that has none of mine. */
async function makeKeys(by, done) {
  if (by.heir) throw new DoesNotHold(tr`第 ${by.gen} 代已吊销，不再用它制钥。请刷新本页，只选现行一代的密钥文件。`);
  const { slots, numbers, wanted } = await getJson(slotsUrl);
  const asked = wanted.map((one) => ({ ...one, unit: unitOf(one.number, one.part) }));
  const units = numbers.flatMap(({ number, parts }) => parts.map((part) => unitOf(number, part)));
  const all = asked.reduce((sum, one) => sum + one.slots, 0) + units.length * slots;
  const meter = el("progress", { class: "meter", max: Math.max(1, all), value: 0, "aria-label": tr`制钥进度` });
  status.append(meter);
  for (const { unit, number, part, slots: count } of asked.filter((one) => one.do === "keys")) {
    await post(`/api/projects/${number}/committee/${part}`, unit, await slotKeysOf(by, unit, count, meter), count, by);
    done(tr`项目 ${number} 的${PART_WORDS[part]}钥匙已提交`);
  }
  for (const one of asked.filter((each) => each.do === "trial")) {
    await openTrial(by, one, meter);
    done(tr`项目 ${one.number} 的${PART_WORDS[one.part]}试开启已应答`);
  }
  for (const unit of units) await post(slotsUrl, unit, await slotKeysOf(by, unit, slots, meter), slots, by);
  for (const { number } of numbers) done(tr`编号 ${number} 的钥匙已备好`);
  meter.remove();
  const shown = document.querySelector("[data-prepared]");
  if (shown) shown.textContent = String(Number(shown.textContent) + numbers.length);
  const made = numbers.length + asked.length;
  return made ? tr`${made} 项已办完，提交前都由本机签名。` : tr`预留编号的钥匙都已备好，不用再办。`;
}

async function post(url, unit, keys, n, by) {
  const fields = { unit, role: "c", n, keys_sha256: hex(await sha256(keys)) };
  const statement = await statements.sign("slots/1", fields, by, statements.instant(serverNow()));
  await postJson(url, { statement, keys: b64u(keys) });
}

/** The key of slot 0, after the manifest was seen to hold one's own keys and the threshold that was asked for. */
async function openTrial(by, { unit, number, cmh, eid, i, k, slots }, meter) {
  const kcm = await manifests.parse(await blobOf(cmh));
  const mine = memberOf(kcm, org);
  const own = await slotKeysOf(by, unit, slots, meter);
  if (!mine || mine.i !== i || kcm.c.k !== k || !equal(mine.keys, own) || !canonical.same(kcm.unit, unit)) {
    throw new DoesNotHold(tr`钥匙清单里本单位名下的公钥不是本密钥文件的。请立即联系监督部门。`);
  }
  const sk = b64u(await by.slotKey({ unit, role: "c", slot: 0 }));
  const fields = { unit, eid, role: "c", closing: "rehearsal", i, slot: 0, sk };
  await postJson(`/api/projects/${number}/statements`, await statements.sign("rel/1", fields, by, statements.instant(serverNow())));
}
