// A custodian's drill: his own copy of the key is opened here, signs the challenge, and only the signature is sent.
// And the recovery sheet made again from a key file, to be printed: it is sent nowhere.

import * as keyfile from "../../proofs/keyfile.js";
import { recoverySheet } from "../../proofs/organisation.js";
import * as statements from "../../proofs/statement.js";
import { picture } from "../../accounts/code.js";
import { el, field, say } from "../../parts/dom.js";
import { postJson, trouble } from "../../parts/doors.js";
import { serverNow } from "../../parts/site.js";
import { keyInputs } from "../../parts/unlock.js";
import { tr } from "../../parts/words.js";

const sheetRoot = document.getElementById("sheet-tools");
const { org } = sheetRoot.dataset;
const drillRoot = document.getElementById("drill");

/** A form that says what became of it beneath. */
function tool(root, inside, label, doing) {
  const status = root.querySelector("[data-status]");
  const button = el("button", { class: "btn", type: "submit" }, label);
  const form = el("form", { class: "form" }, inside, el("div", { class: "form__actions" }, button));
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    button.disabled = true;
    status.replaceChildren(say("info", tr`正在处理，请稍候…`));
    try {
      status.replaceChildren(...(await doing()));
    } catch (wrong) {
      status.replaceChildren(trouble(wrong));
    } finally {
      button.disabled = false;
    }
  });
  root.querySelector("[data-body]").append(form);
}

if (drillRoot) {
  const key = keyInputs(org);
  tool(drillRoot, key.fields, tr`打开并签题`, async () => {
    const by = await key.open();
    const { person, challenge } = await postJson("/api/custody/challenge", {});
    const statement = await statements.sign("drill/1", { person, challenge }, by, statements.instant(serverNow()));
    await postJson("/api/custody/drill", { statement });
    return [say("ok", tr`演练完成：您能打开第 ${by.gen} 代密钥。`), el("p", {}, el("a", { href: location.pathname }, tr`刷新本页`))];
  });
}

const file = el("input", { type: "file", required: true, accept: ".key,.jwe,.txt", id: "sheet-file" });
const passphrase = el("input", { type: "password", required: true, autocomplete: "off", id: "sheet-passphrase" });
const inputs = el("div", { class: "form__grid" }, field(tr`密钥文件`, file, { help: tr`只在本机使用，不会上传` }), field(tr`口令`, passphrase));
tool(sheetRoot, inputs, tr`做出恢复单`, async () => {
  const { org: whose, gen, seed } = await keyfile.openSeed(await file.files[0].text(), passphrase.value);
  passphrase.value = "";
  const words = (await recoverySheet(seed)).replace(/(.{4})(?=.)/g, "$1 ");
  seed.fill(0);
  return [
    el("section", { class: "card" }, el("h3", {}, tr`恢复单`), el("p", {}, tr`单位 ${whose}　第 ${gen} 代`),
      el("p", { class: "mono", translate: "no" }, el("code", { "data-sheet": true }, words)),
      picture(words.replaceAll(" ", ""), tr`恢复单的二维码，内容与上面的 56 个字符相同`),
      el("p", { class: "small" }, tr`持有这 56 个字符就等于持有密钥。打印后锁入保险柜，不要拍照、不要留在电脑里。二维码内容与字符相同，在本机生成，恢复时可用扫码枪读入。`)),
    el("button", { class: "btn btn--quiet", type: "button", onclick: () => window.print() }, tr`打印恢复单`),
  ];
});
