// Seal one unit and open it again, before anything is handed in; in a worker where the site's policy lets one start.
// Files are read and the envelope written a piece at a time, so that two gigabytes take no more memory than two megabytes.

import { hex } from "../../proofs/bytes.js";
import * as envelope from "../../proofs/envelope.js";
import * as manifests from "../../proofs/manifest.js";
import { Organisation } from "../../proofs/organisation.js";
import { openOwn } from "../../proofs/verdict.js";
import * as disk from "./disk.js";
import { terms, tr } from "../../parts/words.js";
import * as workers from "../../parts/workers.js";

/**
 * @typedef {{part: string, handle: {org: string, gen: number, key: CryptoKey}, kcm: Uint8Array, slot: number,
 *   policy: string, sheet: object, files: {name: string, blob: Blob}[], ts: string, name: string}} Asked
 *   name: under which the envelope lies on this computer's disk
 * @typedef {(step: "read"|"seal"|"digest"|"trial"|"check", done: number, all: number) => void} Tell
 */

/** @param {Asked} asked @param {Tell} tell */
export async function seal({ handle, kcm, slot, policy, sheet, files, ts, name }, tell) {
  const by = Organisation.from(handle);
  const manifest = await manifests.parse(kcm);
  const progress = (step) => (done, all) => tell(step, done, all);
  const sink = await disk.sink(name);
  const telling = { hashing: progress("read"), progress: progress("seal"), digesting: progress("digest") };
  const made = await envelope.seal({ by, manifest, slot, policy, sheet, files, ts, sink, ...telling });
  // What cannot be opened again must not be handed in.
  const trial = await openOwn(made.blob, kcm, by, { policy, progress: progress("trial"), reading: progress("check") });
  if (trial.verdict !== "OK") throw new Error(tr`试开未通过：${trial.verdict}。请重新${terms.seal}；再次失败请改用命令行工具。`);
  const { blob, eid, env_sha256, size } = made;
  return { blob, name: sink.onDisk ? name : null, eid, env_sha256, size, slot, cmh: hex(manifest.cmh), unit: manifest.unit };
}

const SCRIPT = new URL("seal-worker.js", import.meta.url).href;

function start() {
  try {
    return workers.start(SCRIPT);
  } catch {
    return null; // the site's policy allows no worker: the page does the same work, piece by piece
  }
}

/** Whether sealing can be done aside. */
export function workerStarts() {
  const worker = start();
  if (!worker) return Promise.resolve(false);
  return new Promise((resolve) => {
    worker.addEventListener("message", () => resolve(true));
    worker.addEventListener("error", () => resolve(false));
    worker.postMessage({ part: "hello" });
  }).finally(() => worker.terminate());
}

/** As `seal`, without holding up the page, until told to stop. @param {Asked} asked @param {Tell} tell @param {AbortSignal} signal */
export function sealAside(asked, tell, signal) {
  const worker = start();
  if (!worker) return seal(asked, tell);
  return new Promise((resolve, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason));
    worker.addEventListener("message", ({ data }) => {
      if (data.step) tell(data.step, data.done, data.all);
      else if (data.sealed) resolve(data.sealed);
      else reject(Object.assign(new Error(data.wrong.message), { name: data.wrong.name }));
    });
    worker.addEventListener("error", () => reject(new Error(tr`${terms.seal}程序没有启动，请刷新本页后重试；已填内容不会丢。`)));
    worker.postMessage(asked);
  }).finally(() => worker.terminate());
}
