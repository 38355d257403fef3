// What an organisation makes from its one seed: identity key, bidder halves, slot keys, recovery sheet.
// The seed is held as a non-extractable HMAC key, so that no script can read it back.

import { NotCanonical, concat, equal, random, sha256, u16, u8 } from "./bytes.js";
import * as canonical from "./canonical.js";
import * as ed25519 from "./ed25519.js";
import { hmac, hmacKey } from "./hkdf.js";
import * as x25519 from "./x25519.js";

const BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/** H("sbe1/unit\0" ‖ JCS(unit)). @param {object} unit */
export const unitHash = (unit) => sha256("sbe1/unit\0", canonical.dumps(unit));

/** One organisation key of one generation. It signs and derives; it never shows its seed. */
export class Organisation {
  #key;
  /** The generation that signs in its place once it was revoked: it still derives what was made with it. @type {Organisation|null} */
  heir = null;

  /** @param {string} org @param {number} gen @param {CryptoKey} key the seed as HMAC-SHA-256 key */
  constructor(org, gen, key) {
    this.org = canonical.plain(org, "org", 64);
    this.gen = canonical.integer(gen, 1, 65535, "gen");
    this.#key = key;
  }

  /** @param {string} org @param {number} gen @param {Uint8Array} seed 32 bytes; overwritten with zeros */
  static async of(org, gen, seed) {
    if (seed.length !== 32) throw new NotCanonical("seed: not 32 bytes");
    const made = new Organisation(org, gen, await hmacKey(seed));
    seed.fill(0);
    return made;
  }

  /** What a Worker needs to be this organisation; the key stays non-extractable on the way. */
  handle() {
    return { org: this.org, gen: this.gen, key: this.#key };
  }

  /** @param {{org: string, gen: number, key: CryptoKey}} handle */
  static from(handle) {
    return new Organisation(handle.org, handle.gen, handle.key);
  }

  /** Expand(seed, info). @param {...(Uint8Array|string)} info */
  async #expand(...info) {
    return hmac(this.#key, concat(...info, u8(1)));
  }

  /** The public identity key. */
  async publicKey() {
    return ed25519.publicKey(await this.#expand("sbe1/identity\0"));
  }

  /** @param {Uint8Array} message */
  async sign(message) {
    return ed25519.sign(await this.#expand("sbe1/identity\0"), message);
  }

  /** B, the bidder's half. @param {{unit: object, cmh: Uint8Array, slot: number, eid: Uint8Array}} envelope */
  async half(envelope) {
    return this.#expand("sbe1/bidder\0b", await context(envelope));
  }

  /** C's polynomial a_0 … a_(k−1). @param {number} k */
  async polynomial(k, envelope) {
    const bound = await context(envelope);
    return Promise.all(Array.from({ length: k }, (_, j) => this.#expand("sbe1/bidder\0c", u8(j), bound)));
  }

  /** The private slot key of a holder (role c, r) or contributor (role d). */
  async slotKey({ unit, role, slot }) {
    return this.#expand("sbe1/slot\0", await unitHash(unit), role, u16(slot));
  }

  /** The public slot keys first … first+count−1, 32 bytes each. */
  async slotKeys({ unit, role, count, first = 0 }) {
    const keys = [];
    for (let slot = first; slot < first + count; slot += 1) {
      keys.push(await x25519.publicKey(await this.slotKey({ unit, role, slot })));
    }
    return concat(...keys);
  }
}

async function context({ unit, cmh, slot, eid }) {
  return concat(await unitHash(unit), cmh, u16(slot), eid);
}

/** 32 fresh random bytes. */
export const freshSeed = () => random(32);

/** The seed as 56 Base32 characters with its check bytes. @param {Uint8Array} seed */
export async function recoverySheet(seed) {
  const data = concat(seed, (await sha256("sbe1/sheet\0", seed)).slice(0, 3));
  let bits = "";
  for (const byte of data) bits += byte.toString(2).padStart(8, "0");
  return bits.match(/.{5}/g).map((five) => BASE32[parseInt(five, 2)]).join("");
}

/** The seed a sheet spells; spaces, hyphens and small letters are forgiven. @param {string} sheet */
export async function seedFromSheet(sheet) {
  const letters = sheet.replace(/[\s-]/g, "").toUpperCase();
  if (!/^[A-Z2-7]{56}$/.test(letters)) throw new NotCanonical("recovery sheet: not 56 letters of Base32");
  const bits = Array.from(letters, (letter) => BASE32.indexOf(letter).toString(2).padStart(5, "0")).join("");
  const data = Uint8Array.from(bits.match(/.{8}/g), (byte) => parseInt(byte, 2));
  const seed = data.slice(0, 32);
  if (!equal((await sha256("sbe1/sheet\0", seed)).slice(0, 3), data.slice(32))) {
    throw new NotCanonical("recovery sheet: a character is wrong");
  }
  return seed;
}

