// The supervisor's look behind the masks of a pool: every mask opens, nobody is in it twice, the hash is the one
// announced. Only then is pool/1 signed.

import { hex, sha256, unhex } from "../proofs/bytes.js";
import * as canonical from "../proofs/canonical.js";
import * as lots from "../proofs/lots.js";
import * as statements from "../proofs/statement.js";
import { el } from "../parts/dom.js";
import { getJson, postJson, trouble } from "../parts/doors.js";
import { serverNow } from "../parts/site.js";
import { keyInputs } from "../parts/unlock.js";
import { tr } from "../parts/words.js";

const root = document.getElementById("attest");
const { org, poolSha256, stateUrl, openingsUrl, statementsUrl } = root.dataset;
const key = keyInputs(org);
const button = el("button", { class: "btn", type: "button" }, tr`核对名单并签字`);
const steps = el("ul", { class: "checks" });
const shown = el("div", {});
const status = root.querySelector("[data-status]");
const done = (words) => steps.append(el("li", { class: "is-done" }, words));

function need(holds, words) {
  if (!holds) throw new Error(tr`${words}。请不要签字，并把情况记录在案。`);
}

/** Every mask of the pool opens to one person and one employer; nobody twice. */
async function checkOpenings(everything, openings) {
  const pool = everything.filter((item) => !lots.isPlain(item)); // the rest is no person and wears no mask
  const byCid = new Map(openings.map((opening) => [opening.cid, opening]));
  need(byCid.size === pool.length && openings.length === pool.length, tr`打开的人数与名单不符`);
  const people = new Set();
  for (const { cid, org: employer } of pool) {
    const opening = byCid.get(cid);
    need(opening, tr`名单里有一个掩码没有给出打开方式`);
    need((await lots.masked(opening.number, unhex(opening.salt))) === cid, tr`${opening.name ?? cid} 的掩码打不开`);
    need(!people.has(opening.number), tr`${opening.name ?? opening.number} 在名单中出现两次`);
    people.add(opening.number);
    if ("employer" in opening && "employer_salt" in opening) {
      need((await lots.masked(opening.employer, unhex(opening.employer_salt))) === employer, tr`${opening.employer} 的单位掩码打不开`);
    }
  }
}

async function attest() {
  button.disabled = true;
  steps.replaceChildren();
  status.replaceChildren();
  try {
    const by = await key.open();
    const { pool } = await getJson(stateUrl);
    need(hex(await sha256(canonical.dumps(pool))) === poolSha256, tr`名单与公布的哈希不符`);
    lots.checkPool(pool);
    done(tr`名单 ${pool.length} 人，与公布的哈希一致`);
    const { openings } = await getJson(openingsUrl);
    await checkOpenings(pool, openings);
    done(openings.length ? tr`每个掩码都对应一名专家，无人重复` : tr`候选的是数值或机构，没有掩码，无一重复`);
    shown.replaceChildren(el("details", { class: "fold" }, el("summary", {}, tr`查看名单（每次查看都有记录）`),
      el("ul", {}, ...openings.map(({ name, number, employer }) => el("li", {}, [name, number, employer].filter(Boolean).join(" · "))))));
    const ts = statements.instant(serverNow());
    await postJson(statementsUrl, { statement: await statements.sign("pool/1", { pool_sha256: poolSha256 }, by, ts) });
    done(tr`已签字，抽取可以开始`);
    button.remove();
  } catch (wrong) {
    status.replaceChildren(trouble(wrong));
    button.disabled = false;
  }
}

button.addEventListener("click", attest);
status.before(el("form", { class: "stack", onsubmit: (event) => event.preventDefault() }, key.fields, button), steps, shown);
