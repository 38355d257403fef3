// C2SP chunked-encryption "Cobblestone-256": SHA-512 and AES-256-GCM, 16 KiB chunks, the last one always shorter.
// A message is read a piece at a time and never in memory as a whole.

import { concat, equal, random } from "./bytes.js";
import { expand } from "./hkdf.js";

const CHUNK = 16384;
const TAG = 16;
const HEAD = 24 + 32;
const TOGETHER = 64; // chunks under way at a time: 1 MiB

async function derive(key, salt, context) {
  const info = concat("c2sp.org/chunked-encryption@v1+AEAD_AES_256_GCM\0", salt, context);
  const made = await expand(key, info, 32 + 12 + 32, "SHA-512");
  const aead = await crypto.subtle.importKey("raw", made.slice(0, 32), "AES-GCM", false, ["encrypt", "decrypt"]);
  return { aead, base: made.slice(32, 44), commitment: made.slice(44) };
}

function nonce(base, count) {
  const iv = base.slice();
  for (let at = 11, left = count; left > 0; at -= 1, left = Math.floor(left / 256)) iv[at] ^= left % 256;
  return { name: "AES-GCM", iv };
}

const chunkCount = (length, size) => Math.floor(length / size) + 1; // the short last one included

// Runs `cipher` over chunks first … first+count−1 of `size` bytes each from offset `from`, all under way at once.
async function together(blob, from, size, first, count, cipher) {
  const start = from + first * size;
  const data = new Uint8Array(await blob.slice(start, start + count * size).arrayBuffer());
  return Promise.all(Array.from({ length: count }, (_, i) => cipher(first + i, data.subarray(i * size, (i + 1) * size))));
}

/** @typedef {{write: (data: BufferSource) => any, finish: () => Promise<Blob>|Blob}} Sink where ciphertext goes as it comes */

/** The sink where there is no disk to write to: what is written is kept by the browser. @returns {Sink} */
export function gathered() {
  const parts = [];
  return { write: (data) => parts.push(new Blob([data])), finish: () => new Blob(parts) };
}

/**
 * Write what was encrypted to a sink, a piece at a time: never more than a piece is in memory.
 * @param {Uint8Array} key 32 bytes @param {Uint8Array} context @param {Blob} message
 * @param {(done: number, all: number) => void} [progress] @param {Sink} [sink] @returns {Promise<Blob>}
 */
export async function encrypt(key, context, message, progress, sink = gathered()) {
  const salt = random(24);
  const { aead, base, commitment } = await derive(key, salt, context);
  const cipher = (count, data) => crypto.subtle.encrypt(nonce(base, count), aead, data);
  await sink.write(concat(salt, commitment));
  const all = chunkCount(message.size, CHUNK);
  for (let first = 0; first < all; first += TOGETHER) {
    const made = await together(message, 0, CHUNK, first, Math.min(TOGETHER, all - first), cipher);
    const data = new Uint8Array(made.reduce((size, one) => size + one.byteLength, 0));
    let at = 0;
    for (const one of made) {
      data.set(new Uint8Array(one), at);
      at += one.byteLength;
    }
    await sink.write(data);
    progress?.(Math.min((first + TOGETHER) * CHUNK, message.size), message.size);
  }
  return sink.finish();
}

/** An opened message, decrypted anew wherever it is read: it is never in memory, nor on the disk, as a whole. */
class Opened {
  #sealed;
  #cipher;
  #from;

  constructor(sealed, cipher, from, size) {
    this.#sealed = sealed;
    this.#cipher = cipher;
    this.#from = from;
    this.size = size;
  }

  /** As of a Blob. */
  slice(from = 0, to = this.size) {
    const start = Math.min(from, this.size);
    return new Opened(this.#sealed, this.#cipher, this.#from + start, Math.max(0, Math.min(to, this.size) - start));
  }

  /** As of a Blob. @returns {Promise<ArrayBuffer>} */
  async arrayBuffer() {
    const data = new Uint8Array(this.size);
    const first = Math.floor(this.#from / CHUNK);
    const last = Math.floor((this.#from + Math.max(0, this.size - 1)) / CHUNK);
    for (let at = first; this.size && at <= last; at += TOGETHER) {
      const opened = await together(this.#sealed, HEAD, CHUNK + TAG, at, Math.min(TOGETHER, last + 1 - at), this.#cipher);
      opened.forEach((one, i) => {
        const place = (at + i) * CHUNK - this.#from;
        const bytes = new Uint8Array(one).subarray(Math.max(0, -place), Math.max(0, this.size - place));
        data.set(bytes, Math.max(0, place));
      });
    }
    return data.buffer;
  }
}

/**
 * The message to be read like a Blob, or null when any byte is not what was encrypted: every chunk is tried first.
 * @param {Uint8Array} key @param {Uint8Array} context @param {Blob} sealed
 * @param {(done: number, all: number) => void} [progress] @returns {Promise<Opened|null>}
 */
export async function decrypt(key, context, sealed, progress) {
  if (sealed.size < HEAD + TAG || (sealed.size - HEAD) % (CHUNK + TAG) < TAG) return null;
  const head = new Uint8Array(await sealed.slice(0, HEAD).arrayBuffer());
  const { aead, base, commitment } = await derive(key, head.slice(0, 24), context);
  if (!equal(head.slice(24), commitment)) return null;
  const cipher = (count, data) => crypto.subtle.decrypt(nonce(base, count), aead, data);
  const all = chunkCount(sealed.size - HEAD, CHUNK + TAG);
  try {
    for (let first = 0; first < all; first += TOGETHER) {
      await together(sealed, HEAD, CHUNK + TAG, first, Math.min(TOGETHER, all - first), cipher);
      progress?.(Math.min(HEAD + (first + TOGETHER) * (CHUNK + TAG), sealed.size), sealed.size);
    }
  } catch (wrong) {
    if (wrong instanceof DOMException && wrong.name === "OperationError") return null;
    throw wrong;
  }
  return new Opened(sealed, cipher, 0, sealed.size - HEAD - all * TAG);
}
