// Itemised prices from a spreadsheet or a CSV file: read here, every bad row explained; the server never sees one.

import { figures } from "../../parts/yuan.js";
import { tr } from "../../parts/words.js";

/** @typedef {{name: string, unit: string, quantity: string, price: string, amount: string}} Item */
/** @typedef {{row: number, column: string, why: string}} Wrong row: as the reader counts, the heading included */

const COLUMNS = ["name", "unit", "quantity", "price", "amount"];
const WORDS = { name: tr`名称`, unit: tr`单位`, quantity: tr`数量`, price: tr`单价`, amount: tr`合价` };
const HEADINGS = {
  name: /^(名称|项目|项目名称|货物名称|品名|服务名称|分项名称|分项)$/, unit: /^(单位|计量单位)$/, quantity: /^(数量|工程量)$/,
  price: /^(单价|综合单价|单价[(（]元[)）])$/, amount: /^(合价|总价|小计|金额|合计|合价[(（]元[)）]|总价[(（]元[)）]|金额[(（]元[)）])$/,
};
const MOST = 5000;
const FINEST = 6; // decimal places of a quantity or a unit price

/** Cells of pasted lines (tabs between cells) or of CSV (quotes as in RFC 4180). @param {string} text @returns {string[][]} */
export function cells(text) {
  const between = text.includes("\t") ? "\t" : ",";
  const rows = [[""]];
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const letter = text[at];
    const row = rows[rows.length - 1];
    if (quoted) {
      if (letter !== '"') row[row.length - 1] += letter;
      else if (text[at + 1] === '"') row[row.length - 1] += text[(at += 1)];
      else quoted = false;
    } else if (letter === '"' && row[row.length - 1] === "") quoted = true;
    else if (letter === between) row.push("");
    else if (letter === "\n") rows.push([""]);
    else if (letter !== "\r") row[row.length - 1] += letter;
  }
  return rows.map((row) => row.map((cell) => cell.normalize("NFKC").trim()));
}

/** A number as an integer of millionths, or null. @param {string} typed */
function millionths(typed) {
  const found = /^(\d{1,13})(?:\.(\d{1,6}))?$/.exec(typed.replace(/[,\s¥￥元]/g, ""));
  return found ? BigInt(found[1] + (found[2] ?? "").padEnd(FINEST, "0")) : null;
}

/** An amount as a number of cents, or null. @param {string} typed */
function cents(typed) {
  const plain = figures(typed);
  return plain === null ? null : BigInt(plain.replace(".", ""));
}

const yuan = (amount) => `${amount / 100n}.${String(amount % 100n).padStart(2, "0")}`;

/** quantity × price to the cent, half up. */
function product(quantity, price) {
  const unit = 10n ** BigInt(2 * FINEST - 2);
  return (quantity * price + unit / 2n) / unit;
}

function placed(first) {
  const named = COLUMNS.map((column) => first.findIndex((cell) => HEADINGS[column].test(cell)));
  return named[0] >= 0 && named[2] >= 0 && named[3] >= 0 ? named : null;
}

function read(row, at, number) {
  const cell = (column) => row[at[COLUMNS.indexOf(column)]] ?? "";
  /** @type {Wrong[]} */
  const wrong = [];
  const say = (column, why) => wrong.push({ row: number, column: WORDS[column], why });
  const name = cell("name").normalize("NFC");
  if (!name) say("name", tr`没有填写`);
  const [quantity, price] = [millionths(cell("quantity")), millionths(cell("price"))];
  if (quantity === null) say("quantity", cell("quantity") ? tr`「${cell("quantity")}」不是数字（至多六位小数）` : tr`没有填写`);
  else if (!quantity) say("quantity", tr`不能为零`);
  if (price === null) say("price", cell("price") ? tr`「${cell("price")}」不是金额（至多六位小数）` : tr`没有填写`);
  const made = quantity !== null && price !== null ? product(quantity, price) : null;
  const told = cell("amount") ? cents(cell("amount")) : made;
  if (told === null && cell("amount")) say("amount", tr`「${cell("amount")}」不是金额（至多两位小数）`);
  else if (made !== null && told !== made) say("amount", tr`${yuan(told)} 与数量乘单价 ${yuan(made)} 不符`);
  if (wrong.length) return { wrong };
  const item = { name, unit: cell("unit"), quantity: cell("quantity"), price: cell("price"), amount: yuan(made) };
  return { wrong, item, amount: made };
}

/**
 * The items of what was pasted or read from a file, their sum, and every row that cannot be one.
 * A heading names the columns; without one they are name, unit, quantity, unit price, amount. A row of totals is left out.
 * @param {string} text @returns {{items: Item[], wrong: Wrong[], sum: string|null}}
 */
export function parse(text) {
  const rows = cells(text);
  const first = rows.findIndex((row) => row.some((cell) => cell));
  if (first < 0) return { items: [], wrong: [], sum: null };
  const headed = placed(rows[first]);
  const at = headed ?? [0, 1, 2, 3, 4];
  const found = { items: [], wrong: [], sum: null };
  let sum = 0n;
  for (let number = headed ? first + 1 : first; number < rows.length; number += 1) {
    const row = rows[number];
    if (!row.some((cell) => cell) || row.some((cell) => /^(合计|总计|总价)$/.test(cell))) continue;
    if (found.items.length + found.wrong.length >= MOST) {
      found.wrong.push({ row: number + 1, column: "", why: tr`分项超过 ${MOST} 行，请合并后再粘贴` });
      break;
    }
    const { wrong, item, amount } = read(row, at, number + 1);
    found.wrong.push(...wrong);
    if (item) {
      found.items.push(item);
      sum += amount;
    }
  }
  if (found.items.length && !found.wrong.length) found.sum = yuan(sum);
  return found;
}

/** The items as a file of the envelope; the mark in front makes spreadsheets read it as UTF-8. @param {Item[]} items */
export function file(items) {
  const quote = (cell) => (/[",\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell);
  const lines = [Object.values(WORDS), ...items.map((item) => COLUMNS.map((column) => item[column]))];
  const text = `\ufeff${lines.map((line) => line.map(quote).join(",")).join("\r\n")}\r\n`;
  return new File([text], tr`分项报价表.csv`, { type: "text/csv" });
}

/** The text of a chosen file, in UTF-8 or as Chinese spreadsheets write it; null when it is no text. @param {Blob} blob */
export async function textOf(blob) {
  const data = new Uint8Array(await blob.arrayBuffer());
  if (data.includes(0)) return null;
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(data);
  } catch {
    return new TextDecoder("gb18030").decode(data);
  }
}
