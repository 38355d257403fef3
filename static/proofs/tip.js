// A protected tip: read by either of two bodies, by nobody between, answered by its code alone. `proofs/tip.py` says how.

import { NotCanonical, b64u, concat, hex, random, sha256, u32, unb64u, utf8 } from "./bytes.js";
import * as canonical from "./canonical.js";
import * as ed25519 from "./ed25519.js";
import { hkdf } from "./hkdf.js";
import * as hpke from "./hpke.js";
import { leafHash, verifyInclusion } from "./merkle.js";
import { Organisation } from "./organisation.js";
import { Sha256 } from "./sha256.js";
import * as x25519 from "./x25519.js";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
const KEYS = ["v", "from", "gen", "thread", "seq", "number", "name", "text", "key", "reply", "sig"];
const NONE = new Uint8Array(0);
export const UNIT = { draw: "tips" };
export const TIPSTER = "tipster";
export const SIZES = [4096, 16384];
export const WORK = 14;
export const LEAVES = 1024;
export const LONGEST = 5000;

/** The receipt code of 17 random bytes. @param {Uint8Array} secret */
export async function codeOf(secret) {
  const data = concat(secret, (await sha256("tip1/code\0", secret)).slice(0, 3));
  const bits = Array.from(data, (byte) => byte.toString(2).padStart(8, "0")).join("");
  return bits.match(/.{5}/g).map((five) => BASE32[parseInt(five, 2)]).join("");
}

export const freshCode = () => codeOf(random(17));

/** What a code spells; spaces, hyphens and small letters are forgiven. @param {string} code */
export async function secretOf(code) {
  const letters = code.replace(/[\s-]/g, "").toUpperCase();
  if (!/^[A-Z2-7]{32}$/.test(letters)) throw new NotCanonical("receipt code: not 32 letters of Base32");
  const bits = Array.from(letters, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const secret = Uint8Array.from(bits.match(/.{8}/g).slice(0, 17), (byte) => parseInt(byte, 2));
  if ((await codeOf(secret)) !== letters) throw new NotCanonical("receipt code: a character is wrong");
  return secret;
}

/** Everything that follows from a code: lookup, thread, who signs and reads. @param {string} code */
export async function fromCode(code) {
  const secret = await secretOf(code);
  const lookup = await hkdf(NONE, secret, utf8("tip1/lookup\0"), 32);
  const me = await Organisation.of(TIPSTER, 1, await hkdf(NONE, secret, utf8("tip1/seed\0"), 32));
  return { lookup, thread: await threadOf(lookup), me };
}

/** @param {Uint8Array} lookup */
export const threadOf = (lookup) => sha256("tip1/thread\0", lookup);

/** @param {Organisation} by */
export const readingKey = (by) => by.slotKey({ unit: UNIT, role: "c", slot: 0 });

/** @param {Organisation} by */
export const publicReadingKey = async (by) => x25519.publicKey(await readingKey(by));

const infoOf = (thread, seq, whose) => hpke.info("tip1/seal\0", thread, u32(seq), whose);

/**
 * A message for its readers: the tipster, then the two bodies, as [whose, public reading key].
 * @param {{number: string, name: string, text: string}} said @param {Organisation} by
 */
export async function seal(said, { by, thread, seq, readers, ephemerals = [] }) {
  const [own, who] = [by.org === TIPSTER, by.heir ?? by];
  const unsigned = {
    v: "tip/1", from: who.org, gen: who.gen, thread: hex(thread), seq, number: said.number.normalize("NFC"),
    name: said.name.normalize("NFC"), text: said.text.normalize("NFC"), key: own ? b64u(await by.publicKey()) : "",
    reply: own ? b64u(await publicReadingKey(by)) : "",
  };
  const sig = b64u(await who.sign(concat("tip1/said\0", canonical.dumps(unsigned))));
  const written = canonical.dumps({ ...unsigned, sig });
  const size = SIZES.find((each) => written.length + 4 <= each);
  if (!size) throw new NotCanonical("tip: longer than the largest size");
  const plain = concat(u32(written.length), written, new Uint8Array(size - 4 - written.length));
  const copies = [];
  for (const [at, [whose, key]] of readers.entries()) {
    copies.push(await hpke.seal(plain, key, infoOf(thread, seq, whose), ephemerals[at] ? { ephemeral: ephemerals[at] } : {}));
  }
  return concat(...copies);
}

/** What a copy says, or null when it does not open to a message of this tip and place. @param {Uint8Array} copy */
export async function openCopy(copy, secret, { thread, seq, whose }) {
  const plain = await hpke.open(copy, secret, infoOf(thread, seq, whose));
  try {
    return plain && read(plain, { thread, seq });
  } catch (wrong) {
    if (wrong instanceof NotCanonical) return null;
    throw wrong;
  }
}

function read(plain, { thread, seq }) {
  const length = new DataView(plain.buffer, plain.byteOffset).getUint32(0);
  if (!SIZES.includes(plain.length) || length > plain.length - 4 || plain.slice(4 + length).some(Boolean)) {
    throw new NotCanonical("tip: not padded to a fixed size");
  }
  const told = canonical.requireKeys(canonical.parse(plain.slice(4, 4 + length)), KEYS, "tip");
  if (told.v !== "tip/1" || told.thread !== hex(thread) || told.seq !== seq) throw new NotCanonical("tip: of another place");
  return told;
}

/** Whether its speaker signed it with this identity key. @param {any} message @param {Uint8Array} key */
export async function verify(message, key) {
  const { sig, ...unsigned } = message;
  return ed25519.verify(key, unb64u(sig, 64, "sig"), concat("tip1/said\0", canonical.dumps(unsigned)));
}

/** @param {Uint8Array} thread @param {number} seq @param {Uint8Array} sealed */
export const digestOf = (thread, seq, sealed) => sha256("tip1/message\0", thread, u32(seq), sealed);

/** A number that shows the work a message asks for; the page may draw in between. @param {Uint8Array} digest */
export async function work(digest) {
  const head = concat("tip1/work\0", digest);
  for (let n = 0; ; n += 1) {
    const shown = new Sha256().update(head).update(u32(n)).digest();
    if (((shown[0] << 24) | (shown[1] << 16) | (shown[2] << 8) | shown[3]) >>> (32 - WORK) === 0) return n;
    if (n % 8192 === 8191) await new Promise((resolve) => setTimeout(resolve));
  }
}

/** Whether a message is in its day's tree. @param {{nonce: Uint8Array, digest: Uint8Array, index: number, proof: Uint8Array[], root: Uint8Array}} claim */
export const isIncluded = async ({ nonce, digest, index, proof, root }) =>
  verifyInclusion({ leaf: await leafHash(concat(nonce, digest)), index, size: LEAVES, proof, root });

