// Whether a file is the paper this page is about: its hash, made in the browser, against the one on the page.

import { hex } from "../proofs/bytes.js";
import { sha256Blob } from "../proofs/sha256.js";
import { el, say } from "../parts/dom.js";
import { tr } from "../parts/words.js";

const form = document.getElementById("paper-check");
const file = document.getElementById("paper-file");
const verdict = document.getElementById("paper-verdict");

form.hidden = false;
form.addEventListener("submit", (event) => event.preventDefault());
file.addEventListener("change", async () => {
  if (!file.files.length) return;
  const digest = hex(await sha256Blob(file.files[0]));
  const same = digest === document.getElementById("paper").dataset.sha256;
  verdict.replaceChildren(
    same ? say("ok", tr`就是签发的这一份，一字未改。`) : say("bad", tr`不是签发的这一份，或者被改动过。`),
    el("p", { class: "small" }, el("code", { class: "break" }, digest)));
});
