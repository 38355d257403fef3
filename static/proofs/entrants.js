// Who had enrolled at the deadline of a choice in the supermarket: proofs/entrants.py.

import { hex, sha256, u8, unhex } from "./bytes.js";
import * as canonical from "./canonical.js";
import { verifyInclusion } from "./merkle.js";

const KEYS = ["v", "number", "deadline", "closing", "nonce", "sealed_log", "note", "live"];
const ROW = ["org", "name", "event", "nonce", "index", "proof"];
const ENROLLED = "selection.enrolled";

/** What does not hold of a published list. @param {any} told @returns {Promise<string[]>} */
export async function whyNotEntrants(told) {
  try {
    return await faultsOf(told);
  } catch (wrong) {
    return [`not entrants/1: ${wrong.message}`];
  }
}

async function faultsOf(told) {
  canonical.requireKeys(told, KEYS, "entrants");
  if (told.v !== "entrants/1") throw new Error("not entrants/1");
  const [size, root] = [told.sealed_log.size, unhex(told.sealed_log.root, 32, "root")];
  const [faults, listed] = [[], []];
  for (const row of told.live) {
    const { event, org, nonce, index, proof } = canonical.requireKeys(row, ROW, "entrants.live");
    const c = hex(await sha256("ev1/blind\0", unhex(nonce, 32, "nonce"), canonical.dumps(event)));
    const leaf = await sha256(u8(0), canonical.dumps({ v: "ev/1", c }));
    listed.push({ org, leaf: hex(leaf) });
    if (event.t !== ENROLLED || event.d.stream !== `project/${told.number}` || event.d.org !== org) faults.push(`${org}: its entry says something else`);
    if (!(event.d.received < told.deadline)) faults.push(`${org}: enrolled after the deadline`);
    const path = proof.map((each) => unhex(each, 32, "proof"));
    if (!(await verifyInclusion({ leaf, index, size, proof: path, root }))) faults.push(`${org}: its entry is not in the sealed log of the closing`);
  }
  const live = listed.sort((a, b) => (a.org < b.org ? -1 : 1));
  if (new Set(live.map(({ org }) => org)).size !== live.length) throw new Error("entrants.live: an organisation is on the list twice");
  const listing = canonical.dumps({ v: "ent/1", number: told.number, deadline: told.deadline, live });
  const closing = hex(await sha256("sbe1/entrants\0", unhex(told.nonce, 32, "nonce"), listing));
  if (closing !== told.closing) faults.push("the list is not the one of the closing");
  return faults;
}
