// Who bids together: the members besides the lead, one a line; sealed as consortium.json with the technical documents.

import { tr } from "../../parts/words.js";

const LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY";
const MOST = 10;
const AGREEMENT = tr`联合体协议`; // part of the name of the file that holds it

/** Whether a credit code is well formed (GB 32100-2015). @param {string} code */
export function isCode(code) {
  if (code.length !== 18 || [...code].some((letter) => !LETTERS.includes(letter))) return false;
  let weight = 1;
  let sum = 0;
  for (const letter of code.slice(0, 17)) {
    sum += LETTERS.indexOf(letter) * weight;
    weight = (weight * 3) % 31;
  }
  return LETTERS[(31 - (sum % 31)) % 31] === code[17];
}

/** The members a text names: code, name and work on each line. @param {string} text */
export const parse = (text) => text.split("\n").map((line) => line.trim().normalize("NFC")).filter(Boolean).map((line) => {
  const [org = "", name = "", ...work] = line.split(/[\s,，;；]+/u);
  return { org: org.toUpperCase(), name, work: work.join(" ") };
});

const agreementOf = (files) => files.map(({ name }) => name.normalize("NFC")).find((name) => name.includes(AGREEMENT));

/** What is wrong with it: [the field's id, what to do]. @param {string} text @param {string} lead @param {File[]} files */
export function whyNot(text, lead, files) {
  const members = parse(text);
  const wrong = [];
  for (const { org, name, work } of members) {
    if (!isCode(org)) wrong.push(["bid-members", tr`联合体成员「${org}」的统一社会信用代码有误`]);
    else if (!name || !work) wrong.push(["bid-members", tr`写全联合体成员 ${org} 的名称和分工`]);
  }
  const codes = new Set([lead, ...members.map(({ org }) => org)]);
  if (codes.size !== members.length + 1) wrong.push(["bid-members", tr`联合体成员重复，或者写了牵头人自己`]);
  if (members.length > MOST) wrong.push(["bid-members", tr`联合体成员至多 ${MOST} 家`]);
  if (members.length && !agreementOf(files)) wrong.push(["bid-files", tr`选择名称含「${AGREEMENT}」的文件`]);
  return wrong;
}

/** The file to be sealed; null where one bids alone. @param {string} text @param {File[]} files */
export function file(text, files) {
  const members = parse(text);
  if (!members.length) return null;
  const told = { v: "consortium/1", agreement: agreementOf(files), members };
  return new File([JSON.stringify(told)], "consortium.json", { type: "application/json" });
}
