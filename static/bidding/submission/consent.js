// A member of a consortium signs that it takes part: here, with its own key. The agreement and the consent stay on this
// computer; the member hands the consent to the lead by its own ways.

import { hex, sha256 } from "../../proofs/bytes.js";
import * as statements from "../../proofs/statement.js";
import { trouble } from "../../parts/doors.js";
import { download, el, field, say } from "../../parts/dom.js";
import { serverNow } from "../../parts/site.js";
import { keyInputs } from "../../parts/unlock.js";
import { terms, tr } from "../../parts/words.js";
import { consentFile, isCode } from "./consortium.js";

const root = document.getElementById("consent");
const { org } = root.dataset;
const { part, numbers } = JSON.parse(document.getElementById("consent-lots").textContent);
const status = document.getElementById("consent-status");
const lead = el("input", { id: "consent-lead", maxlength: 18, autocomplete: "off", required: true });
const agreement = el("input", { type: "file", id: "consent-agreement", required: true });
const key = keyInputs(org);
const button = el("button", { class: "btn", type: "submit", id: "consent-sign" }, tr`签署确认书`);

async function sign() {
  const of = lead.value.trim().toUpperCase();
  lead.setAttribute("aria-invalid", String(!isCode(of) || of === org));
  if (!isCode(of) || of === org) {
    lead.focus();
    status.replaceChildren(say("bad", tr`填写牵头人的统一社会信用代码`));
    return;
  }
  if (!agreement.files.length) {
    agreement.focus();
    status.replaceChildren(say("bad", tr`选择各方签署的联合体协议`));
    return;
  }
  const by = await key.open();
  const agreement_sha256 = hex(await sha256(new Uint8Array(await agreement.files[0].arrayBuffer())));
  const said = [];
  for (const tender of numbers) {
    const fields = { unit: { tender, lot: "1", part }, lead: of, agreement_sha256 };
    said.push(await statements.sign("con/1", fields, by, statements.instant(serverNow())));
  }
  const name = consentFile(org);
  status.replaceChildren(el("div", { class: "say say--ok", id: "consent-done" },
    el("p", {}, tr`已签署。请下载后连同联合体协议原样交给牵头人；协议改动一个字，确认书就不再有效。`),
    el("div", { class: "form__actions" }, el("button", { class: "btn btn--quiet", type: "button",
      onclick: () => download(name, [JSON.stringify(said)], "application/json") }, tr`下载 ${name}`))));
}

if (root.dataset.isProvider === "1") {
  const form = el("form", { class: "form", novalidate: true },
    field(tr`牵头人的统一社会信用代码`, lead),
    field(tr`联合体协议`, agreement, { help: tr`与牵头人封入${terms.file}的是同一个文件；只在本机计算摘要，不上传` }),
    key.fields, el("div", { class: "form__actions" }, button));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    status.replaceChildren();
    try {
      await sign();
    } catch (wrong) {
      status.replaceChildren(trouble(wrong));
    } finally {
      button.disabled = false;
    }
  });
  document.getElementById("consent-form").append(form);
  root.dataset.ready = "yes";
}
