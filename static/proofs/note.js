// Signed notes, checkpoints, cosignatures and portable proofs.
// Spec: C2SP signed-note, tlog-checkpoint, tlog-cosignature (0x04), tlog-proof v1.

import { b64, concat, equal, hex, sha256, u8, unb64, utf8 } from "./bytes.js";
import * as ed25519 from "./ed25519.js";
import { leafHash, verifyInclusion } from "./merkle.js";

export const ED25519 = 0x01;
export const COSIGNATURE = 0x04;
const MAX_NOTE = 2 ** 20;
const MAX_LINES = 100;

/** Not a note, not a key, or a signature by a known key that does not verify. */
export class BadNote extends Error {
  name = "BadNote";
}

/**
 * @typedef {{name: string, kind: number, key: Uint8Array, id: string}} Verifier
 * @typedef {{name: string, id: string, data: Uint8Array}} Signature
 * @typedef {{text: string, signatures: Signature[]}} Note
 */

function decode64(text) {
  try {
    return unb64(text);
  } catch {
    throw new BadNote("not canonical base64");
  }
}

function decimal(text) {
  if (!/^(?:0|[1-9]\d{0,15})$/.test(text) || !Number.isSafeInteger(Number(text))) throw new BadNote("not a number");
  return Number(text);
}

function checkName(name) {
  if (!name || /[+\s\0-\x1f]/.test(name)) throw new BadNote("not a key's name");
}

/** A public key line `name+hex(id)+base64(type ‖ key)`. @param {string} vkey @returns {Promise<Verifier>} */
export async function parseVkey(vkey) {
  const [, name, id, data] = /^([^+]*)\+([^+]*)\+(.*)$/s.exec(vkey.trim()) ?? [];
  checkName(name);
  const raw = decode64(data);
  if (raw.length !== 33 || ![ED25519, COSIGNATURE].includes(raw[0])) throw new BadNote("unknown type of key");
  if (hex((await sha256(name, "\n", raw)).slice(0, 4)) !== id) throw new BadNote("the key's id does not belong to it");
  return { name, kind: raw[0], key: raw.slice(1), id };
}

/** A note's text and lines, unchecked. @param {string} written @returns {Note} */
export function parse(written) {
  if (written.length > MAX_NOTE) throw new BadNote("the note is too long");
  const gap = written.lastIndexOf("\n\n");
  if (gap < 0 || !written.endsWith("\n") || gap + 2 === written.length) {
    throw new BadNote("a note ends in signature lines after an empty line");
  }
  const text = written.slice(0, gap + 1);
  if (/[\0-\x09\x0b-\x1f]/.test(text)) throw new BadNote("a note has no control characters");
  const lines = written.slice(gap + 2, -1).split("\n");
  if (lines.length > MAX_LINES) throw new BadNote("too many signature lines");
  const signatures = lines.map((line) => {
    const [, name, data] = /^— ([^ ]*) ([^ ]*)$/.exec(line) ?? [];
    checkName(name);
    const raw = decode64(data);
    if (raw.length < 5) throw new BadNote("a signature is too short");
    return { name, id: hex(raw.slice(0, 4)), data: raw.slice(4) };
  });
  return { text, signatures };
}

/** POSIX seconds of a cosignature, 0 for a plain signature, null if it is bad. @param {Verifier} verifier */
async function signedAt(verifier, text, signature) {
  let { data } = signature;
  let seconds = 0;
  let message = utf8(text);
  if (verifier.kind === COSIGNATURE) {
    if (data.length !== 72) return null;
    seconds = Number(new DataView(data.buffer, data.byteOffset).getBigUint64(0));
    data = data.slice(8);
    message = concat(`cosignature/v1\ntime ${seconds}\n`, text);
  }
  return (await ed25519.verify(verifier.key, data, message)) ? seconds : null;
}

const isBy = (verifier) => (signature) => signature.name === verifier.name && signature.id === verifier.id;

/** The text of a note this key signed. Throws BadNote when it did not. @param {string} written @param {Verifier} verifier */
export async function opened(written, verifier) {
  const note = parse(written);
  const signature = note.signatures.find(isBy(verifier));
  if (!signature || (await signedAt(verifier, note.text, signature)) === null) {
    throw new BadNote(`not signed by ${verifier.name}`);
  }
  return note.text;
}

/** Throws BadNote when a line by one of these keys does not verify; lines of others are ignored. @param {Note} note @param {Verifier[]} known */
export async function verified(note, known) {
  for (const verifier of known) {
    const signature = note.signatures.find(isBy(verifier));
    if (signature && (await signedAt(verifier, note.text, signature)) === null) {
      throw new BadNote(`the signature of ${verifier.name} does not verify`);
    }
  }
}

/** Which witnesses cosigned, with their POSIX seconds. @param {string} written @param {Verifier[]} witnesses */
export async function cosigners(written, witnesses) {
  const note = parse(written);
  const seen = new Map();
  for (const witness of witnesses.filter(({ kind }) => kind === COSIGNATURE)) {
    for (const signature of note.signatures.filter(isBy(witness))) {
      const seconds = await signedAt(witness, note.text, signature);
      if (seconds) seen.set(witness.name, seconds);
    }
  }
  return seen;
}

/** A checkpoint from a note's text. @param {string} text @returns {{origin: string, size: number, root: Uint8Array}} */
export function checkpoint(text) {
  const lines = text.split("\n");
  if (lines.length !== 4 || lines[3] || !lines[0]) throw new BadNote("a checkpoint has three lines");
  const root = decode64(lines[2]);
  if (root.length !== 32) throw new BadNote("a root has 32 bytes");
  return { origin: lines[0], size: decimal(lines[1]), root };
}

/** The checkpoint in a note signed by the log's key. @param {string} written @param {Verifier} log */
export async function openedCheckpoint(written, log) {
  const found = checkpoint(await opened(written, log));
  if (found.origin !== log.name) throw new BadNote(`the checkpoint is of ${found.origin}, the key of ${log.name}`);
  return found;
}

/** A `.tlog-proof`, unchecked. @param {string} written */
export function parseProof(written) {
  const gap = written.indexOf("\n\n");
  const lines = gap < 0 ? [] : written.slice(0, gap).split("\n");
  if (lines.shift() !== "c2sp.org/tlog-proof@v1") throw new BadNote("not a tlog-proof");
  const extra = lines[0]?.startsWith("extra ") ? decode64(lines.shift().slice(6)) : null;
  if (!lines[0]?.startsWith("index ")) throw new BadNote("a tlog-proof names an index");
  const index = decimal(lines.shift().slice(6));
  const hashes = lines.map(decode64);
  if (hashes.length > 63 || hashes.some((hash) => hash.length !== 32)) throw new BadNote("not an audit path");
  const note = written.slice(gap + 2);
  parse(note);
  return { index, hashes, checkpoint: note, extra };
}

/**
 * Whether the proof shows that the entry (or leaf hash) is in this log, and which witnesses saw the checkpoint.
 * @param {string} written @param {{entry?: Uint8Array, leaf?: Uint8Array}} what @param {Verifier} log
 * @param {Verifier[]} witnesses
 */
export async function verifyProof(written, { entry, leaf }, log, witnesses = []) {
  const proof = parseProof(written);
  const tree = await openedCheckpoint(proof.checkpoint, log);
  const digest = leaf ?? (await leafHash(entry));
  const claim = { leaf: digest, index: proof.index, size: tree.size, proof: proof.hashes, root: tree.root };
  return {
    included: await verifyInclusion(claim),
    index: proof.index,
    size: tree.size,
    cosigned: await cosigners(proof.checkpoint, witnesses),
  };
}

/** A vkey's line. @param {string} name @param {number} kind @param {Uint8Array} key */
export async function vkey(name, kind, key) {
  const raw = concat(u8(kind), key);
  return `${name}+${hex((await sha256(name, "\n", raw)).slice(0, 4))}+${b64(raw)}`;
}

/** Whether two checkpoints say the same. */
export const sameTree = (a, b) => a.origin === b.origin && a.size === b.size && equal(a.root, b.root);
