// The receipt a bidder gets: a signed note that names the sealed log's leaf.

import { concat, hex, sha256, unhex } from "./bytes.js";
import * as canonical from "./canonical.js";
import { leafHash } from "./merkle.js";
import { BadNote, opened, parse as parseNote } from "./note.js";
import * as statements from "./statement.js";

const HEAD = /^receipt\/v1\nunit (?<unit>\{.*\})\nbidder (?<bidder>[^ \n]{1,64}) gen (?<gen>[1-9]\d{0,4})\n/;
const BID = new RegExp(
  "^bid (?<eid>[0-9a-f]{32}) seq (?<seq>[1-9]\\d{0,4}) slot (?<slot>0|[1-9]\\d{0,15}) replaces sha256:" +
    "(?<replaces>[0-9a-f]{64}|-)\nenvelope sha256:(?<envelope>[0-9a-f]{64}) size (?<size>[1-9]\\d{0,15})\n" +
    "sub sha256:(?<sub>[0-9a-f]{64})\n",
);
const WITHDRAWAL = /^withdrawal (?<eid>[0-9a-f]{32}) seq (?<seq>[1-9]\d{0,4})\nwd sha256:(?<wd>[0-9a-f]{64})\n/;
const TAIL = /^received (?<received>[^\n]+)\nleaf sha256:(?<leaf>[0-9a-f]{64})\n$/;

/** The receipt a text spells. Throws BadNote unless it is spelt exactly so. @param {string} text */
export function parse(text) {
  const head = HEAD.exec(text);
  const rest = head ? text.slice(head[0].length) : "";
  const bid = BID.exec(rest);
  const body = bid ?? WITHDRAWAL.exec(rest);
  const tail = body && TAIL.exec(rest.slice(body[0].length));
  if (!head || !tail) throw new BadNote("not a receipt/v1");
  const unit = statements.unit(canonical.parse(new TextEncoder().encode(head.groups.unit)));
  statements.timestamp(tail.groups.received);
  const common = { unit, bidder: head.groups.bidder, gen: Number(head.groups.gen), ...tail.groups };
  const { eid, seq } = body.groups;
  if (!bid) return { ...common, kind: "withdrawal", eid, seq: Number(seq), wd: body.groups.wd };
  const { slot, replaces, envelope, size, sub } = bid.groups;
  return {
    ...common, kind: "bid", eid, seq: Number(seq), slot: Number(slot), size: Number(size), envelope, sub,
    replaces: replaces === "-" ? null : replaces,
  };
}

/** The receipt of a note, its signature unchecked. @param {string} note */
export const read = (note) => parse(parseNote(note).text);

/** The receipt in a note signed by the receipt key. @param {string} note @param {import("./note.js").Verifier} verifier */
export const verified = async (note, verifier) => parse(await opened(note, verifier));

/**
 * Whether the receipt's leaf is the blinded entry of this event under this nonce.
 * @param {any} receipt @param {any} event @param {string} nonce hex
 */
export async function hidesEvent(receipt, event, nonce) {
  const c = hex(await sha256("ev1/blind\0", unhex(nonce, 32, "nonce"), canonical.dumps(event)));
  return hex(await leafHash(canonical.dumps({ v: "ev/1", c }))) === receipt.leaf;
}

/** H(label ‖ 0x00 ‖ salt ‖ JCS(value)) in hex. @param {string} label @param {any} value @param {Uint8Array} salt */
export const commitment = async (label, value, salt) =>
  hex(await sha256(concat(`${label}\0`, salt, canonical.dumps(value))));
