// Passkeys: what the house asks goes to the browser's authenticator, its answer into a form that is then sent as any other.
// Without this script, or without an authenticator, the same pages work by code.

import { b64u, unb64u } from "../proofs/bytes.js";
import { say } from "../parts/dom.js";
import { request, trouble } from "../parts/doors.js";
import { tr } from "../parts/words.js";

export const canPasskeys = Boolean(globalThis.isSecureContext && globalThis.PublicKeyCredential);
const named = (list) => list?.map((each) => ({ ...each, id: unb64u(each.id) }));
const text = (buffer) => b64u(new Uint8Array(buffer));

/** The authenticator's answer to what the house asks at this address, as its door takes it. @param {string} url */
export async function proof(url) {
  const asked = await (await request(url, { method: "POST" })).json();
  const publicKey = { ...asked, challenge: unb64u(asked.challenge), allowCredentials: named(asked.allowCredentials) };
  const { id, rawId, type, response } = await navigator.credentials.get({ publicKey });
  return JSON.stringify({ id, rawId: text(rawId), type, clientExtensionResults: {}, response: {
    clientDataJSON: text(response.clientDataJSON), authenticatorData: text(response.authenticatorData),
    signature: text(response.signature), userHandle: response.userHandle ? text(response.userHandle) : null,
  } });
}

/** A new passkey, as its door takes it. @param {string} url */
async function fresh(url) {
  const asked = await (await request(url, { method: "POST" })).json();
  const publicKey = { ...asked, challenge: unb64u(asked.challenge), user: { ...asked.user, id: unb64u(asked.user.id) },
    excludeCredentials: named(asked.excludeCredentials) };
  const { id, rawId, type, response } = await navigator.credentials.create({ publicKey });
  return JSON.stringify({ id, rawId: text(rawId), type, clientExtensionResults: {}, response: {
    clientDataJSON: text(response.clientDataJSON), attestationObject: text(response.attestationObject),
  } });
}

/** What is said when no passkey came: the reader may have changed his mind. @param {any} wrong */
export function unproven(wrong) {
  const silent = wrong?.name === "NotAllowedError" || wrong?.name === "AbortError";
  if (wrong?.name === "InvalidStateError") return say("warn", tr`这台设备上已经有您的通行密钥。`);
  if (wrong?.name === "SecurityError") return say("bad", tr`这个地址不能使用通行密钥，请用网站的正式地址打开。`);
  return silent ? say("warn", tr`没有完成，可以再试，或者换一种方式。`) : trouble(wrong);
}

async function press(button) {
  const form = button.closest("form");
  const said = form.querySelector("[data-passkey-said]") ?? form.parentElement.querySelector("[data-passkey-said]");
  button.disabled = true;
  said?.replaceChildren();
  try {
    const { passkeyProve, passkeyNew } = button.dataset;
    if (passkeyProve) form.elements.namedItem("_proof_passkey").value = await proof(passkeyProve);
    else form.elements.namedItem("made").value = await fresh(passkeyNew);
    form.noValidate = true;
    form.requestSubmit();
  } catch (wrong) {
    said?.replaceChildren(unproven(wrong));
  } finally {
    button.disabled = false;
  }
}

for (const hidden of document.querySelectorAll("[data-passkey]")) hidden.hidden = !canPasskeys;
for (const told of document.querySelectorAll("[data-passkey-none]")) told.hidden = canPasskeys;
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-passkey-prove], [data-passkey-new]");
  if (button) press(button);
});
