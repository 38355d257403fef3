// Who would lead the project: a name, an identity number and a certificate, sealed as leader.json with the documents.

import { el, field } from "../../parts/dom.js";
import { terms, tr } from "../../parts/words.js";

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Whether these 18 characters end with the character the others ask for (GB 11643). @param {string} number */
const isNumber = (number) =>
  /^\d{17}[\dX]$/.test(number) && "10X98765432"[WEIGHTS.reduce((sum, weight, place) => sum + weight * Number(number[place]), 0) % 11] === number[17];

/** Its fields; nothing where no leader is asked. @param {{certificate: string}|null} asked @param {{suffix?: string}} of one lot */
export function leaderForm(asked, { suffix = "" } = {}) {
  if (!asked) return { nodes: [], typed: () => null, put: () => {}, whyNot: () => [], file: () => null };
  const name = el("input", { id: `bid-leader-name${suffix}`, maxlength: 64, autocomplete: "off" });
  const number = el("input", { id: `bid-leader-number${suffix}`, maxlength: 18, autocomplete: "off" });
  const certificate = el("input", { id: `bid-leader-certificate${suffix}`, maxlength: 100, autocomplete: "off" });
  const inputs = { name, number, certificate };
  const nodes = [el("fieldset", { id: `bid-leader-fields${suffix}` },
    el("legend", {}, tr`项目负责人（须持 ${asked.certificate}）`),
    el("p", { class: "small muted" }, tr`随商务技术文件密封；${terms.opening}后用于核对禁入和在建项目；登记时只留证件号码的摘要。`),
    el("div", { class: "form__grid" }, field(tr`姓名`, name), field(tr`公民身份号码`, number)),
    field(tr`证书名称和编号`, certificate))];
  const id = () => number.value.trim().toUpperCase();

  /** What is missing: [the field's id, what to do]. */
  function whyNot() {
    const wrong = [];
    if (!name.value.trim()) wrong.push([name.id, tr`填写项目负责人姓名`]);
    if (!isNumber(id())) wrong.push([number.id, tr`填写项目负责人的公民身份号码（18 位）`]);
    if (!certificate.value.trim()) wrong.push([certificate.id, tr`填写项目负责人的证书名称和编号`]);
    return wrong;
  }

  /** The file to be sealed. */
  function file() {
    const told = { v: "leader/1", name: name.value.trim().normalize("NFC"), id_number: id(), certificate: certificate.value.trim().normalize("NFC") };
    return new File([JSON.stringify(told)], "leader.json", { type: "application/json" });
  }

  // The number stays out of the draft: it is nobody's but his.
  const typed = () => ({ name: name.value, certificate: certificate.value });
  function put(fields) {
    for (const [key, input] of Object.entries(inputs)) input.value = fields?.[key] ?? "";
  }

  return { nodes, typed, put, whyNot, file };
}
