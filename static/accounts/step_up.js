// A dialog that asks who it is before what cannot be undone, for doors a script knocks at; what was typed stays on the page.

import { el, field, say } from "../parts/dom.js";
import { getJson, request, trouble } from "../parts/doors.js";
import { tr } from "../parts/words.js";
import { canPasskeys, proof, unproven } from "./passkeys.js";

const DOOR = "/accounts/step-up/";

/** Ask; true once the house has taken a proof, false when the reader turns away. */
export async function stepUp() {
  const has = await getJson(DOOR);
  return new Promise((resolve) => {
    const said = el("div"); // what it says is itself an alert
    const dialog = el("dialog", { class: "card", "aria-labelledby": "step-up-title" });
    const send = async (told) => {
      try {
        await request(DOOR, { method: "POST", headers: { "Content-Type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams(told) });
        dialog.close("done");
      } catch (wrong) {
        said.replaceChildren(trouble(wrong));
      }
    };
    const byPasskey = async () => {
      try {
        await send({ _proof_passkey: await proof("/accounts/passkeys/ask/") });
      } catch (wrong) {
        said.replaceChildren(unproven(wrong));
      }
    };
    const typed = has.password
      ? el("input", { type: "password", autocomplete: "current-password", required: true })
      : el("input", { type: "text", autocomplete: "one-time-code", maxlength: 40, required: true });
    const form = el("form", { class: "form" },
      field(has.password ? tr`再输一次登录密码` : tr`验证码或恢复码`, typed),
      el("div", { class: "form__actions" },
        el("button", { class: "btn", type: "submit" }, tr`确认`),
        el("button", { class: "btn btn--quiet", type: "button", onclick: () => dialog.close() }, tr`取消`)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      send({ [has.password ? "_proof_password" : "_proof_code"]: typed.value });
    });
    dialog.append(el("h2", { id: "step-up-title" }, tr`确认是您本人`), say("info", tr`这一步不能撤销，您填写的内容都在。`),
      has.passkeys && canPasskeys ? el("button", { class: "btn", type: "button", onclick: byPasskey }, tr`用通行密钥确认`) : "",
      form, said);
    dialog.addEventListener("close", () => {
      dialog.remove();
      resolve(dialog.returnValue === "done");
    });
    document.body.append(dialog);
    dialog.showModal();
  });
}
