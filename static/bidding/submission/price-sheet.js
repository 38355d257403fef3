// One price sheet: what is read out, with words checked against figures and the sum of the items against the price.

import { el, field } from "../../parts/dom.js";
import { capitals, figures, saysSame, separated } from "../../parts/yuan.js";
import { reduced } from "../../proofs/quotes.js";
import * as itemised from "./items.js";
import { terms, tr } from "../../parts/words.js";

const SHOWN = 20; // wrong rows told at once

/**
 * The fields of one sheet.
 * @param {{suffix?: string, plain?: boolean, rate?: {base: string, least: string, most: string}|null, onchange: () => void}} options
 *   suffix: of the fields' ids, where a page has several sheets;
 *   plain: a price and a note are all that is asked;  rate: percent off a base is offered, which makes the price
 */
export function priceSheet({ suffix = "", plain = false, rate = null, onchange }) {
  const off = el("input", { id: `bid-rate${suffix}`, inputmode: "decimal", autocomplete: "off", required: true, class: "num" });
  const price = el("input", { id: `bid-price${suffix}`, inputmode: "decimal", autocomplete: "off", required: true, class: "num" });
  const inWords = el("output", { id: `bid-price-words${suffix}`, for: price.id, class: "muted" });
  const words = el("input", { id: `bid-words${suffix}`, autocomplete: "off" });
  const delivery = el("input", { id: `bid-delivery${suffix}`, maxlength: 100, autocomplete: "off", required: true });
  const note = el("input", { id: `bid-note${suffix}`, maxlength: 200, autocomplete: "off" });
  const items = el("textarea", { id: `bid-items${suffix}`, rows: 5, spellcheck: "false", class: "mono" });
  const itemsFile = el("input", { type: "file", id: `bid-items-file${suffix}`, accept: ".csv,.tsv,.txt,text/csv" });
  const itemsTold = el("div", { id: `bid-items-told${suffix}`, "aria-live": "polite", class: "stack" });
  let parsed = itemised.parse("");

  const priceField = () => el("div", { class: "stack stack--tight" }, field(tr`${terms.price}（元）`, price, { help: tr`填数字，例如 1000000.00；下面显示大写供核对` }), inWords);
  const rateField = () => el("div", { class: "stack stack--tight" },
    field(tr`下浮率（%）`, off, { help: tr`比 ${separated(rate.base)} 元低百分之几，${rate.least} 至 ${rate.most}；下浮越多价格越低，下面显示算出的价格供核对` }), inWords);
  const nodes = plain ? [rate ? rateField() : priceField(), field(tr`备注`, note, { optional: true, help: tr`随报价一并公开` })] : [
    el("div", { class: "form__grid" },
      priceField(),
      field(tr`${terms.price}大写`, words, { optional: true, help: tr`照${terms.bid}函抄写，与小写逐字核对；例如 壹佰万元整` })),
    el("div", { class: "form__grid" },
      field(tr`交货期`, delivery, { help: tr`例如 45 日` }), field(tr`备注`, note, { optional: true })),
  ];
  const itemisedNode = el("details", { class: "fold", id: `bid-itemised${suffix}` }, el("summary", {}, tr`分项报价（选填）`),
    el("div", { class: "stack" },
      field(tr`从表格软件复制后粘贴`, items, { help: tr`列：名称、单位、数量、单价、合价；首行可以是表头。只在本机核对，作为「分项报价表.csv」封入标书` }),
      field(tr`或选择 CSV 文件`, itemsFile), itemsTold));

  function showItems() {
    parsed = itemised.parse(items.value);
    const lines = parsed.wrong.slice(0, SHOWN).map(({ row, column, why }) =>
      el("tr", {}, el("td", { class: "num" }, String(row)), el("td", {}, column), el("td", {}, why)));
    const more = parsed.wrong.length - lines.length;
    itemsTold.replaceChildren(...(lines.length ? [
      el("p", { class: "say say--bad" }, tr`有 ${parsed.wrong.length} 处看不懂，改正后重新粘贴：`),
      el("div", { class: "table-wrap", tabindex: "0", role: "region", "aria-label": tr`分项报价的错误` }, el("table", { class: "table" },
        el("thead", {}, el("tr", {}, el("th", { scope: "col", class: "num" }, tr`行号`), el("th", { scope: "col" }, tr`列`), el("th", { scope: "col" }, tr`原因`))),
        el("tbody", {}, ...lines))),
      more ? el("p", { class: "small muted" }, tr`另有 ${more} 处未列出。`) : "",
    ] : []), ...(parsed.sum !== null ? [el("p", {}, tr`共 ${parsed.items.length} 项，合计 ${separated(parsed.sum)} 元（${capitals(parsed.sum)}）`)] : []));
  }

  async function pickItems() {
    const [file] = itemsFile.files;
    itemsFile.value = "";
    if (!file) return;
    const text = await itemised.textOf(file);
    if (text === null) {
      itemsTold.replaceChildren(el("p", { class: "say say--bad" }, tr`「${file.name}」不是文本表格。请在表格软件中另存为 CSV，或直接复制单元格粘贴到上面。`));
      return;
    }
    items.value = text.replace(/^\ufeff/, "");
    showItems();
    onchange();
  }

  itemsFile.addEventListener("change", pickItems);
  items.addEventListener("input", showItems);

  /** Show the price in words, and mark what does not fit. */
  function refresh() {
    if (rate) {
      price.value = reduced(rate.base, offered()) ?? "";
      off.setAttribute("aria-invalid", String(off.value !== "" && !isWithin()));
    }
    const now = figures(price.value);
    inWords.textContent = now === null ? "" : tr`${separated(now)} 元　大写：${capitals(now)}`;
    price.setAttribute("aria-invalid", String(price.value !== "" && now === null));
    words.setAttribute("aria-invalid", String(words.value.trim() !== "" && now !== null && !saysSame(words.value, now)));
  }

  const offered = () => figures(off.value.replace(/[%％]/g, "")) ?? "";
  const isWithin = () => offered() !== "" && Number(offered()) >= Number(rate.least) && Number(offered()) <= Number(rate.most);
  const filled = () => ({
    ...(rate ? { rate: offered() } : {}), price: figures(price.value), delivery: delivery.value.trim().normalize("NFC"), note: note.value.trim().normalize("NFC"), items: parsed.items,
  });

  /** What is wrong with it: [the field's id, what to do]. */
  function whyNot() {
    const from = filled();
    const wrong = [];
    if (rate && !isWithin()) wrong.push([off.id, tr`填写下浮率（${rate.least} 至 ${rate.most}，至多两位小数）`]);
    else if (from.price === null) wrong.push([price.id, tr`填写${terms.price}（元，至多两位小数）`]);
    else if (Number(from.price) === 0) wrong.push([price.id, tr`${terms.price}不能为零`]);
    else if (words.value.trim() && !saysSame(words.value, from.price)) {
      wrong.push([words.id, tr`大写金额与小写不一致：小写应写作「${capitals(from.price)}」`]);
    }
    if (!plain && !from.delivery) wrong.push([delivery.id, tr`填写交货期`]);
    if (parsed.wrong.length) wrong.push([items.id, tr`改正分项报价中的 ${parsed.wrong.length} 处错误`]);
    else if (parsed.sum !== null && from.price !== null && parsed.sum !== from.price) {
      wrong.push([items.id, tr`分项合计 ${separated(parsed.sum)} 元与${terms.price} ${separated(from.price)} 元不一致`]);
    }
    return wrong;
  }

  /** What was typed, to be kept. */
  const typed = () => ({ rate: off.value, price: price.value, words: words.value, delivery: delivery.value, note: note.value, items: items.value });
  function put(fields) {
    for (const [name, input] of Object.entries({ rate: off, price, words, delivery, note, items })) input.value = fields[name] ?? "";
    itemisedNode.toggleAttribute("open", items.value !== "");
    showItems();
    refresh();
  }

  return { nodes, itemised: itemisedNode, itemsFile, filled, whyNot, typed, put, refresh };
}
