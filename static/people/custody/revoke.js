// The end of a generation that was stolen: idr/1, signed here with a later one. Only the signature is sent.

import * as statements from "../../proofs/statement.js";
import { el, field, say } from "../../parts/dom.js";
import { postJson, trouble } from "../../parts/doors.js";
import { serverNow } from "../../parts/site.js";
import { keyInputs } from "../../parts/unlock.js";
import { tr } from "../../parts/words.js";

const root = document.getElementById("revoke");
const { org, gens } = root.dataset;
const status = root.querySelector("[data-status]");
const key = keyInputs(org);
const which = el("select", { id: "revoke-gen" }, ...gens.split(" ").map((gen) => el("option", { value: gen }, tr`第 ${gen} 代`)));
const sure = el("input", { type: "checkbox", id: "revoke-sure", required: true });
const button = el("button", { class: "btn btn--danger", type: "submit", id: "revoke-go" }, tr`签署并吊销`);

async function revoke() {
  const revokes = Number(which.value);
  const by = await key.open();
  if (by.gen <= revokes) throw new Error(tr`这是第 ${by.gen} 代的密钥文件。吊销第 ${revokes} 代要用比它新的一代，请刷新本页另选。`);
  const statement = await statements.sign("idr/1", { revokes }, by, statements.instant(serverNow()));
  await postJson("/api/custody/revoke", { statement });
  form.remove();
  status.replaceChildren(say("ok", tr`第 ${revokes} 代密钥已吊销，并写入公开日志。单位管理员和密钥保管人都会收到消息。`),
    el("p", {}, el("a", { href: location.pathname }, tr`刷新本页`)));
}

const form = el("form", { class: "form" }, field(tr`要吊销的一代`, which), el("h3", {}, tr`用新一代签署`), key.fields,
  field(tr`我明白：吊销不能撤回，此后这一代签的声明一律不收`, sure, { check: true }), el("div", { class: "form__actions" }, button));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  status.replaceChildren(say("info", tr`正在处理，请稍候…`));
  try {
    await revoke();
  } catch (wrong) {
    status.replaceChildren(trouble(wrong));
  } finally {
    button.disabled = false;
  }
});
root.querySelector("[data-body]").append(form);
root.dataset.ready = "yes";
