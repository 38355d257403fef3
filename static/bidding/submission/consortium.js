// Who bids together: the members besides the lead, one a line; sealed as consortium.json with the technical documents,
// beside what each member has signed itself.

import { hex, sha256, unb64u } from "../../proofs/bytes.js";
import * as statements from "../../proofs/statement.js";
import { entriesOf } from "../../parts/doors.js";
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

/** The name of the file that holds a member's consent. @param {string} org */
export const consentFile = (org) => `consent-${org}.json`;

/** What a member has not confirmed as it must be. */
class NotConfirmed extends Error {
  name = "NotConfirmed";
}

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
  for (const { org, name } of members) {
    if (isCode(org) && org !== lead && !files.some((file) => file.name === consentFile(org))) {
      wrong.push(["bid-files", tr`选择联合体成员 ${name || org} 的确认书「${consentFile(org)}」：由该成员在本项目的「联合体成员确认」页签署`]);
    }
  }
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

/**
 * Make sure that every member has said itself that it takes part, before anything is sealed. Throws otherwise.
 * Nobody is asked about a member: all keys are in the public stream.
 * @param {string} text @param {string} lead @param {File[]} files @param {{tender: string, part: string}[]} units
 */
export async function check(text, lead, files, units) {
  const members = parse(text);
  if (!members.length) return;
  const pinned = new Map(); // a consent counts as at the handing in, so not under a key that was revoked until now
  for (const { kind, data: { statement } } of await entriesOf("keys")) {
    if (kind === "accounts.key-registered") pinned.set(`${statement.org} ${statement.gen}`, statement.key);
    if (kind === "accounts.key-revoked") pinned.delete(`${statement.org} ${statement.revokes}`);
  }
  const agreed = files.find((file) => file.name.normalize("NFC") === agreementOf(files));
  const agreement = hex(await sha256(new Uint8Array(await agreed.arrayBuffer())));
  for (const { org, name } of members) {
    const said = await statementsIn(files.find((file) => file.name === consentFile(org)));
    for (const { tender, part } of units) {
      const own = said.find((one) => one.org === org && one.unit.tender === tender && one.unit.part === part);
      if (!own) throw new NotConfirmed(tr`${name} 的确认书里没有对项目 ${tender} 的确认，请该成员重新签署。`);
      if (own.lead !== lead) throw new NotConfirmed(tr`${name} 的确认书写的牵头人不是本单位。`);
      if (own.agreement_sha256 !== agreement) throw new NotConfirmed(tr`${name} 确认的联合体协议与所选文件不是同一份。`);
      const key = pinned.get(`${org} ${own.gen}`);
      if (!key || !(await statements.verify(own, unb64u(key, 32)))) throw new NotConfirmed(tr`${name} 的确认书签名核对不上。`);
    }
  }
}

async function statementsIn(file) {
  try {
    const told = JSON.parse(await file.text());
    for (const one of told) statements.check(one, "con/1");
    return told;
  } catch {
    throw new NotConfirmed(tr`「${file.name}」不是联合体成员确认书。`);
  }
}
