// Whether a file is one of the papers published here: its hash, made in the browser, against the table's.

import { hex } from "../../proofs/bytes.js";
import { sha256Blob } from "../../proofs/sha256.js";
import { el, say } from "../../parts/dom.js";
import { tr } from "../../parts/words.js";

const form = document.getElementById("paper-check");
const file = document.getElementById("paper-file");
const verdict = document.getElementById("paper-verdict");

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
file.addEventListener("change", async () => {
  const digest = hex(await sha256Blob(file.files[0]));
  const row = document.querySelector(`#papers [data-sha256="${digest}"]`);
  verdict.replaceChildren(
    row ? say("ok", tr`就是这里公开的「${row.dataset.title}」，一字未改。`) : say("bad", tr`不是这里公开的任何一份，或者被改动过。`),
    el("p", { class: "small" }, el("code", { class: "break" }, digest)));
});
