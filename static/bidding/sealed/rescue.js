// Too few holders have released: a provider opens its own quote itself, with its own key file, on its own machine.

import { el, say } from "../../parts/dom.js";
import { trouble } from "../../parts/doors.js";
import { keyInputs } from "../../parts/unlock.js";
import { tr } from "../../parts/words.js";
import { rescue } from "../opening/acts.js";

const root = document.getElementById("rescue");
const status = document.getElementById("rescue-status");
const key = keyInputs(root.dataset.org, { older: true });
const button = el("button", { class: "btn", type: "submit", id: "rescue-go" }, tr`核对并自行解开`);

async function act(event) {
  event.preventDefault();
  button.disabled = true;
  const steps = el("ul", { class: "checks" });
  status.replaceChildren(steps);
  try {
    const by = await key.open();
    const done = (words) => steps.append(el("li", { class: "is-done" }, words));
    status.append(say("ok", await rescue({ by, done, ...root.dataset })));
    button.remove();
  } catch (wrong) {
    status.append(trouble(wrong));
    button.disabled = false;
  }
}

document.getElementById("rescue-form").replaceChildren(
  el("form", { class: "form", novalidate: true, onsubmit: act }, key.fields, el("div", { class: "form__actions" }, button)),
);
root.dataset.ready = "yes";
