// Workers, the one sink of Trusted Types these pages need. The site's only policy passes the addresses listed here and
// nothing else, so a string that somebody slipped into a page never becomes a running script.

const KNOWN = new Set([new URL("../bidding/submission/seal-worker.js", import.meta.url).href]);
let policy = null; // made on first use: a worker that imports this file may make none, and needs none

/** @param {string} address absolute */
function known(address) {
  if (!KNOWN.has(address)) throw new TypeError(`not a worker of this site: ${address}`);
  return address;
}

/** Start a module worker of this site. TypeError for any other address. @param {string} address absolute */
export function start(address) {
  policy ??= globalThis.trustedTypes?.createPolicy("mingbiao-workers", { createScriptURL: known }) ?? { createScriptURL: known };
  return new Worker(policy.createScriptURL(address), { type: "module" });
}
