// The closing manifest: which envelopes were live at the deadline.
//   closing = H("sbe1/closing\0" ‖ nonce32 ‖ JCS{"v":"cls/1","tender","live":[…]})

import { NotCanonical, hex, sha256, unhex } from "./bytes.js";
import * as canonical from "./canonical.js";
import { PARTS } from "./statement.js";

const KEYS = ["part", "eid", "slot", "env_sha256", "sub_sha256"];
const order = (a, b) => (a.part < b.part ? -1 : a.part > b.part ? 1 : a.eid < b.eid ? -1 : a.eid > b.eid ? 1 : 0);

/** The list these bytes spell. Throws NotCanonical when they spell none. @param {Uint8Array} data */
export function parse(data) {
  const cls = canonical.requireKeys(canonical.parse(data), ["v", "tender", "live"], "closing");
  if (cls.v !== "cls/1") throw new NotCanonical("closing: not cls/1");
  canonical.plain(cls.tender, "tender", 128);
  const live = canonical.list(cls.live, "closing.live");
  for (const row of live) {
    canonical.requireKeys(row, KEYS, "closing.live");
    if (!PARTS.includes(row.part)) throw new NotCanonical("closing.live.part: unknown");
    canonical.hexBytes(row.eid, 16, "eid");
    canonical.integer(row.slot, 1, 65535, "slot");
    canonical.hexBytes(row.env_sha256, 32, "env_sha256");
    canonical.hexBytes(row.sub_sha256, 32, "sub_sha256");
  }
  if (!canonical.same(live, [...live].sort(order))) throw new NotCanonical("closing.live: not sorted by part and eid");
  if (new Set(live.map((row) => row.eid)).size !== live.length) throw new NotCanonical("closing.live: an eid occurs twice");
  if (new Set(live.map((row) => `${row.part} ${row.slot}`)).size !== live.length) {
    throw new NotCanonical("closing.live: a slot occurs twice within its part");
  }
  return cls;
}

/** The closing hash in hex. @param {string} nonce hex @param {Uint8Array} data */
export const commitment = async (nonce, data) => hex(await sha256("sbe1/closing\0", unhex(nonce, 32, "nonce"), data));
