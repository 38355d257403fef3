// The key file and its passphrase: asked for once on a page, kept in this page's memory alone.

import * as keyfile from "../proofs/keyfile.js";
import { keyText, sameKey } from "./keys.js";
import { el, field } from "./dom.js";
import { getJson } from "./doors.js";
import { tr } from "./words.js";

/** Why this key file cannot be used here. */
export class WrongKey extends Error {
  name = "WrongKey";
}

/**
 * The two inputs, and `open` which gives the organisation key they make.
 *
 * A revoked generation signs nothing any more. `older`: it still has to open what was made with it, so a later one is
 * asked for as well, which signs. `signs`: false where nothing is signed.
 * @param {string} org the organisation the key has to be of @param {{older?: boolean, signs?: boolean}} options
 */
export function keyInputs(org, { older = false, signs = true } = {}) {
  const file = el("input", { type: "file", required: true, accept: ".key,.jwe,.txt", "data-key-file": true });
  const passphrase = el("input", { type: "password", required: true, autocomplete: "off", "data-passphrase": true });
  const fields = el("div", { class: "form__grid" },
    field(tr`本单位密钥文件`, file, { help: tr`只在本机使用，不会上传` }),
    field(tr`密钥口令`, passphrase));
  let held = null;
  let later = null;

  /** @returns {Promise<import("../proofs/organisation.js").Organisation>} */
  async function open() {
    if (held && later) held.heir = await later.open();
    if (held) return held;
    if (!file.files?.length) {
      file.focus();
      throw new WrongKey(tr`请先选择本单位的密钥文件。`);
    }
    const opened = await keyfile.open(await file.files[0].text(), passphrase.value);
    if (opened.org !== org) {
      throw new WrongKey(tr`这是 ${opened.org} 的密钥文件，您登录的单位是 ${org}。请换本单位的密钥文件。`);
    }
    const { keys, revoked } = await getJson(`/api/keys/${encodeURIComponent(org)}`);
    const pinned = keys.find((statement) => statement.gen === opened.gen);
    if (!pinned) throw new WrongKey(tr`这把密钥还没有登记。请先到「单位密钥」页登记，再回来办理；这里填写的内容不会丢。`);
    if (!(await sameKey(opened, pinned.key))) {
      throw new WrongKey(tr`登记的第 ${opened.gen} 代公钥与这个密钥文件不符（本文件 ${await keyText(opened)}）。请立即联系监督部门。`);
    }
    const over = signs && revoked.some(({ revokes }) => revokes === opened.gen);
    if (over && !older) throw new WrongKey(tr`第 ${opened.gen} 代密钥已吊销，不能再签署。请换现行一代的密钥文件。`);
    held = opened;
    passphrase.value = "";
    const told = el("p", { class: "say say--ok" }, tr`密钥文件已打开：第 ${opened.gen} 代，公钥 ${await keyText(opened)}`);
    fields.replaceChildren(told);
    if (over) {
      later = keyInputs(org);
      fields.append(el("p", { class: "say say--warn" }, tr`这一代已吊销：它还能解开用它封的文件，签署要用现行的一代。请再选现行一代的密钥文件。`), later.fields);
      throw new WrongKey(tr`请再选现行一代的密钥文件，然后再按一次。`);
    }
    return held;
  }

  const isReady = () => (held !== null && (!later || later.isReady())) || (file.files?.length > 0 && passphrase.value !== "");
  return { fields, open, isReady };
}
