// What is left as a guarantee: its kind, amount and number, sealed as guarantee.json with the documents.

import { el, field } from "../../parts/dom.js";
import { figures, separated } from "../../parts/yuan.js";
import { terms, tr } from "../../parts/words.js";

const KINDS = { bank: tr`银行保函`, insurance: tr`保证保险`, transfer: tr`转账` };
const isShowing = (name) => name.includes(tr`保证金`) || name.includes(tr`保函`);
const showing = (files) => files.map(({ name }) => name.normalize("NFC")).find(isShowing);

/**
 * Its fields; nothing where no guarantee is asked.
 * @param {{amount: string, forms: string[]}|null} asked @param {{suffix?: string}} options suffix: of the fields' ids
 */
export function guaranteeForm(asked, { suffix = "" } = {}) {
  if (!asked) return { nodes: [], typed: () => null, put: () => {}, whyNot: () => [], file: () => null };
  const kind = el("select", { id: `bid-guarantee-kind${suffix}` }, ...asked.forms.map((form) => el("option", { value: form }, KINDS[form])));
  const amount = el("input", { id: `bid-guarantee-amount${suffix}`, inputmode: "decimal", autocomplete: "off", class: "num" });
  const number = el("input", { id: `bid-guarantee-number${suffix}`, maxlength: 100, autocomplete: "off" });
  const issuer = el("input", { id: `bid-guarantee-issuer${suffix}`, maxlength: 200, autocomplete: "off" });
  const until = el("input", { type: "date", id: `bid-guarantee-until${suffix}` });
  const inputs = { kind, amount, number, issuer, until };
  const nodes = [el("fieldset", { id: `bid-guarantee${suffix}-fields` },
    el("legend", {}, tr`${terms.guarantee}（要求 ${separated(figures(asked.amount))} 元）`),
    el("p", { class: "small muted" }, tr`随商务技术文件密封；${terms.opening}后只有主持人、见证人、监督人员和本单位能看到。凭证放在文件中，文件名含「保证金」或「保函」。`),
    el("div", { class: "form__grid" }, field(tr`形式`, kind), field(tr`金额（元）`, amount)),
    el("div", { class: "form__grid" }, field(tr`保函编号或转账凭证号`, number), field(tr`出具银行或机构`, issuer)),
    field(tr`有效期至`, until, { optional: true, help: tr`转账没有有效期的不填` }))];

  /** What is missing: [the field's id, what to do]. @param {File[]} files @param {string} filesId */
  function whyNot(files, filesId) {
    const wrong = [];
    const given = figures(amount.value);
    if (given === null) wrong.push([amount.id, tr`填写${terms.guarantee}金额`]);
    else if (Number(given) < Number(asked.amount)) wrong.push([amount.id, tr`${terms.guarantee}少于要求的 ${separated(figures(asked.amount))} 元`]);
    if (!number.value.trim()) wrong.push([number.id, tr`填写保函编号或转账凭证号`]);
    if (!issuer.value.trim()) wrong.push([issuer.id, tr`填写保证金的出具银行或机构`]);
    if (!showing(files)) wrong.push([filesId, tr`选择名称含「保证金」或「保函」的凭证文件`]);
    return wrong;
  }

  /** The file to be sealed. @param {File[]} files */
  function file(files) {
    const told = {
      v: "guarantee/1", kind: kind.value, amount: figures(amount.value), number: number.value.trim().normalize("NFC"),
      issuer: issuer.value.trim().normalize("NFC"), until: until.value, file: showing(files),
    };
    return new File([JSON.stringify(told)], "guarantee.json", { type: "application/json" });
  }

  const typed = () => Object.fromEntries(Object.entries(inputs).map(([name, input]) => [name, input.value]));
  function put(fields) {
    for (const [name, input] of Object.entries(inputs)) input.value = fields?.[name] ?? "";
    kind.value = fields?.kind || asked.forms[0];
    amount.value = fields?.amount ?? asked.amount;
  }

  put(null);
  return { nodes, typed, put, whyNot, file };
}
