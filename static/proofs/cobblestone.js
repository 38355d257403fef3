// C2SP chunked-encryption "Cobblestone-256": SHA-512 and AES-256-GCM, 16 KiB chunks, the last one always shorter.
// A message is a Blob and never in memory as a whole.

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

// Runs `cipher` over every chunk of `size` bytes from offset `from`, the short last one included.
async function chunks(blob, from, size, cipher, progress) {
  const parts = [];
  const count = Math.floor((blob.size - from) / size) + 1;
  for (let first = 0; first < count; first += TOGETHER) {
    const start = from + first * size;
    const data = new Uint8Array(await blob.slice(start, start + TOGETHER * size).arrayBuffer());
    const under = [];
    for (let i = 0; i < Math.min(TOGETHER, count - first); i += 1) {
      under.push(cipher(first + i, data.subarray(i * size, (i + 1) * size)));
    }
    parts.push(new Blob(await Promise.all(under)));
    progress?.(Math.min(start + TOGETHER * size, blob.size), blob.size);
  }
  return parts;
}

/**
 * @param {Uint8Array} key 32 bytes @param {Uint8Array} context @param {Blob} message
 * @param {(done: number, all: number) => void} [progress] @returns {Promise<Blob>}
 */
export async function encrypt(key, context, message, progress) {
  const salt = random(24);
  const { aead, base, commitment } = await derive(key, salt, context);
  const cipher = (count, data) => crypto.subtle.encrypt(nonce(base, count), aead, data);
  return new Blob([salt, commitment, ...(await chunks(message, 0, CHUNK, cipher, progress))]);
}

/**
 * The message, or null when any byte is not what was encrypted.
 * @param {Uint8Array} key @param {Uint8Array} context @param {Blob} sealed
 * @param {(done: number, all: number) => void} [progress] @returns {Promise<Blob|null>}
 */
export async function decrypt(key, context, sealed, progress) {
  if (sealed.size < HEAD + TAG || (sealed.size - HEAD) % (CHUNK + TAG) < TAG) return null;
  const head = new Uint8Array(await sealed.slice(0, HEAD).arrayBuffer());
  const { aead, base, commitment } = await derive(key, head.slice(0, 24), context);
  if (!equal(head.slice(24), commitment)) return null;
  const cipher = (count, data) => crypto.subtle.decrypt(nonce(base, count), aead, data);
  try {
    return new Blob(await chunks(sealed, HEAD, CHUNK + TAG, cipher, progress));
  } catch (wrong) {
    if (wrong instanceof DOMException && wrong.name === "OperationError") return null;
    throw wrong;
  }
}
