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
 * @param {string} org the organisation the key has to be of
 */
export function keyInputs(org) {
  const file = el("input", { type: "file", required: true, accept: ".key,.jwe,.txt", "data-key-file": true });
  const passphrase = el("input", { type: "password", required: true, autocomplete: "off", "data-passphrase": true });
  const fields = el("div", { class: "form__grid" },
    field(tr`本单位密钥文件`, file, { help: tr`只在本机使用，不会上传` }),
    field(tr`密钥口令`, passphrase));
  let held = null;

  /** @returns {Promise<import("../proofs/organisation.js").Organisation>} */
  async function open() {
    if (held) return held;
    if (!file.files?.length) {
      file.focus();
      throw new WrongKey(tr`请先选择本单位的密钥文件。`);
    }
    const opened = await keyfile.open(await file.files[0].text(), passphrase.value);
    if (opened.org !== org) {
      throw new WrongKey(tr`这是 ${opened.org} 的密钥文件，您登录的单位是 ${org}。请换本单位的密钥文件。`);
    }
    const { keys } = await getJson(`/api/keys/${encodeURIComponent(org)}`);
    const pinned = keys.find((statement) => statement.gen === opened.gen);
    if (!pinned) throw new WrongKey(tr`这把密钥还没有登记。请先到「单位密钥」页登记，再回来办理；这里填写的内容不会丢。`);
    if (!(await sameKey(opened, pinned.key))) {
      throw new WrongKey(tr`登记的第 ${opened.gen} 代公钥与这个密钥文件不符（本文件 ${await keyText(opened)}）。请立即联系监督部门。`);
    }
    held = opened;
    passphrase.value = "";
    fields.replaceChildren(el("p", { class: "say say--ok" }, tr`密钥文件已打开：第 ${opened.gen} 代，公钥 ${await keyText(opened)}`));
    return held;
  }

  const isReady = () => held !== null || (file.files?.length > 0 && passphrase.value !== "");
  return { fields, open, isReady };
}
