// Choosing files: named once, kept on this computer until they are sealed.

import { el, field } from "../../parts/dom.js";
import { paddedLength } from "../../proofs/index.js";
import { whyNotName } from "../../proofs/statement.js";
import { tr } from "../../parts/words.js";

const UNITS = ["B", "KB", "MB", "GB"];
const MARGIN = 65536; // of header and index

/** "2.9 MB" @param {number} size */
export function sizeWords(size) {
  const step = Math.min(3, Math.floor(Math.log(Math.max(size, 1)) / Math.log(1024)));
  return `${step ? (size / 1024 ** step).toFixed(1) : size} ${UNITS[step]}`;
}

const total = (files) => files.reduce((sum, file) => sum + file.size, 0);
/** How large the envelope of these files will be, at most. @param {File[]} files */
const sealedSize = (files) => paddedLength(total(files) + MARGIN, "body") * (1 + 16 / 16384) + MARGIN;

/** What is wrong with files that are sealed together: [the field's id, what to do]. @param {File[]} files @param {string} id @param {number} limit */
export function whyNotFiles(files, id, limit) {
  const wrong = [];
  if (!files.length) wrong.push([id, tr`选择商务技术文件`]);
  else if (sealedSize(files) > limit) wrong.push([id, tr`文件共 ${sizeWords(total(files))}，封好后超过 ${sizeWords(limit)} 的上限，请压缩图片或拆分`]);
  const names = files.map((file) => file.name.normalize("NFC"));
  for (const [at, name] of names.entries()) {
    if (whyNotName(name)) wrong.push([id, tr`文件名「${name}」不能使用，请改名后重新选择`]);
    if (names.indexOf(name) !== at) wrong.push([id, tr`文件名「${name}」重复，请改名后重新选择`]);
  }
  return wrong;
}

/**
 * A field for files and the list of those chosen.
 * @param {{id: string, listId: string, label: string, help?: string, onchange: (files: File[]) => void}} options
 */
export function fileChooser({ id, listId, label, help = "", onchange }) {
  let files = [];
  const input = el("input", { type: "file", id, multiple: true });
  const list = el("ul", { id: listId, class: "lines lines--plain" });
  function put(chosen) {
    files = chosen;
    list.replaceChildren(...files.map((file, at) => el("li", {},
      el("span", {}, file.name, el("span", { class: "lines__meta" }, sizeWords(file.size))),
      el("button", { class: "btn btn--quiet btn--small", type: "button", "aria-label": tr`移除 ${file.name}`, onclick: () => {
        put(files.filter((_, other) => other !== at));
        onchange(files);
      } }, tr`移除`))));
  }
  input.addEventListener("change", () => {
    const named = new Map(files.map((file) => [file.name, file]));
    for (const file of input.files) named.set(file.name, file);
    input.value = "";
    put([...named.values()]);
    onchange(files);
  });
  return { input, nodes: [field(label, input, { help }), list], files: () => files, put };
}
