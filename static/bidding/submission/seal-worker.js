// Sealing and the trial opening, away from the page so that it stays alive. The organisation's key comes as a
// non-extractable handle; files come by reference and are read piece by piece.

import { Organisation } from "../../proofs/organisation.js";
import * as envelope from "../../proofs/envelope.js";
import * as manifests from "../../proofs/manifest.js";
import { openOwn } from "../../proofs/verdict.js";

/**
 * Asked: {part, handle, kcm, slot, policy, sheet, files, ts}.
 * Told: {part, step, done, all} now and again, then {part, sealed} or {part, wrong: {name, message}}.
 */
self.addEventListener("message", async ({ data }) => {
  const { part, handle, kcm, slot, policy, sheet, files, ts } = data;
  const tell = (step) => (done, all) => self.postMessage({ part, step, done, all });
  try {
    const by = Organisation.from(handle);
    const manifest = await manifests.parse(kcm);
    const made = await envelope.seal({ by, manifest, slot, policy, sheet, files, ts, progress: tell("seal") });
    // What cannot be opened again must not be handed in.
    const trial = await openOwn(made.blob, kcm, by, { env_sha256: made.env_sha256, policy, progress: tell("trial") });
    if (trial.verdict !== "OK") throw new Error(`试开未通过：${trial.verdict}。请重新封标；再次失败请改用命令行工具。`);
    const { blob, eid, env_sha256, size } = made;
    self.postMessage({ part, sealed: { blob, eid, env_sha256, size, slot, cmh: manifest.cmh, unit: manifest.unit } });
  } catch (wrong) {
    self.postMessage({ part, wrong: { name: wrong.name, message: wrong.message } });
  }
});
