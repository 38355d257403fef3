// A body enters the key under which it reads tips: made from its key file here, signed by it, its public half alone sent.

import { b64u, hex, sha256 } from "../../proofs/bytes.js";
import * as statements from "../../proofs/statement.js";
import * as tip from "../../proofs/tip.js";
import { el, say } from "../../parts/dom.js";
import { postJson, trouble } from "../../parts/doors.js";
import { serverNow } from "../../parts/site.js";
import { keyInputs } from "../../parts/unlock.js";
import { tr } from "../../parts/words.js";

const root = document.getElementById("tip-stand");
const status = root.querySelector("[data-status]");
const key = keyInputs(root.dataset.org);
const button = el("button", { class: "btn", type: "submit" }, tr`登记接收密钥`);
const form = el("form", { class: "form" }, key.fields, el("div", { class: "form__actions" }, button));
form.addEventListener("submit", async (event) => {
  event.preventDefault();
  button.disabled = true;
  try {
    const by = await key.open();
    const made = await tip.publicReadingKey(by);
    const fields = { unit: tip.UNIT, role: "c", n: 1, keys_sha256: hex(await sha256(made)) };
    const statement = await statements.sign("slots/1", fields, by, statements.instant(serverNow()));
    await postJson("/api/tips/recipients", { statement, key: b64u(made) });
    status.replaceChildren(say("ok", tr`已登记第 ${by.gen} 代接收密钥，并写入公开日志。`),
      el("p", {}, el("a", { href: location.pathname }, tr`刷新本页查看登记`)));
  } catch (wrong) {
    status.replaceChildren(trouble(wrong));
  } finally {
    button.disabled = false;
  }
});
root.querySelector("[data-body]").append(form);
