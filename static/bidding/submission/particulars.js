// Whom to call about the bid, and from which account its guarantee came: sealed as particulars.json with the documents.

import { el, field } from "../../parts/dom.js";
import { tr } from "../../parts/words.js";

const NAMES = ["contact", "phone", "mail", "account"];

/** Its fields, all of them optional. */
export function particularsForm() {
  const contact = el("input", { id: "bid-contact", maxlength: 64, autocomplete: "off" });
  const phone = el("input", { id: "bid-phone", maxlength: 32, inputmode: "tel", autocomplete: "off" });
  const mail = el("input", { id: "bid-mail", maxlength: 100, inputmode: "email", autocomplete: "off" });
  const account = el("input", { id: "bid-account", maxlength: 64, autocomplete: "off" });
  const inputs = { contact, phone, mail, account };
  const nodes = [el("details", { class: "fold", id: "bid-particulars" }, el("summary", {}, tr`联系人与保证金转出账户（选填）`),
    el("p", { class: "small muted" }, tr`随商务技术文件密封，开启以后才能读到；只供评审小组联系和监督部门核查。`),
    el("div", { class: "form__grid" }, field(tr`联系人`, contact, { optional: true }), field(tr`联系电话`, phone, { optional: true })),
    el("div", { class: "form__grid" }, field(tr`电子邮箱`, mail, { optional: true }), field(tr`保证金转出账户`, account, { optional: true })))];

  /** The file to be sealed; null where nothing is told. */
  function file() {
    const told = typed();
    if (!NAMES.some((name) => told[name])) return null;
    return new File([JSON.stringify(told)], "particulars.json", { type: "application/json" });
  }

  const typed = () => Object.fromEntries(NAMES.map((name) => [name, inputs[name].value.trim().normalize("NFC")]));
  function put(fields) {
    for (const name of NAMES) inputs[name].value = fields?.[name] ?? "";
  }

  return { nodes, typed, put, file };
}
