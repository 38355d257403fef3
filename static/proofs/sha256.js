// SHA-256 of more than fits in memory: WebCrypto has no incremental digest. FIPS 180-4.

const K = new Int32Array(64);
const START = new Int32Array(8);
{
  // The constants are fractions of the cube and square roots of the first primes.
  const fraction = (x) => Math.floor((x - Math.floor(x)) * 2 ** 32);
  let prime = 2;
  for (let count = 0; count < 64; prime += 1) {
    let factor = 2;
    while (factor * factor <= prime && prime % factor) factor += 1;
    if (factor * factor <= prime) continue;
    if (count < 8) START[count] = fraction(Math.sqrt(prime));
    K[count] = fraction(Math.cbrt(prime));
    count += 1;
  }
}
const SMALL = 128 * 2 ** 20; // up to here the browser's own digest, which wants it whole: the most that is ever in memory
const BLOCK = 2 ** 20;

// One round is written once and nothing is made inside it: this is where a large file, and a large draw, spend their time.
function blocks(state, w, data, from, to) {
  for (let at = from; at < to; at += 64) {
    for (let i = 0, p = at; i < 16; i += 1, p += 4) {
      w[i] = (data[p] << 24) | (data[p + 1] << 16) | (data[p + 2] << 8) | data[p + 3];
    }
    for (let i = 16; i < 64; i += 1) {
      const x = w[i - 15];
      const y = w[i - 2];
      const p = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
      const q = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
      w[i] = (w[i - 16] + p + w[i - 7] + q) | 0;
    }
    let a = state[0];
    let b = state[1];
    let c = state[2];
    let d = state[3];
    let e = state[4];
    let f = state[5];
    let g = state[6];
    let h = state[7];
    for (let i = 0; i < 64; i += 1) {
      const p = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
      const t = (h + p + (g ^ (e & (f ^ g))) + K[i] + w[i]) | 0;
      const q = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
      const u = (q + ((a & b) | (c & (a | b)))) | 0;
      h = g;
      g = f;
      f = e;
      e = (d + t) | 0;
      d = c;
      c = b;
      b = a;
      a = (t + u) | 0;
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }
}

/** An incremental SHA-256. */
export class Sha256 {
  #state = START.slice();
  #schedule = new Int32Array(64);
  #rest = new Uint8Array(64);
  #held = 0;
  #size = 0;

  /** @param {Uint8Array} data */
  update(data) {
    this.#size += data.length;
    let at = 0;
    if (this.#held) {
      at = Math.min(64 - this.#held, data.length);
      this.#rest.set(data.subarray(0, at), this.#held);
      this.#held += at;
      if (this.#held < 64) return this;
      blocks(this.#state, this.#schedule, this.#rest, 0, 64);
      this.#held = 0;
    }
    const whole = at + ((data.length - at) & ~63);
    blocks(this.#state, this.#schedule, data, at, whole);
    this.#rest.set(data.subarray(whole));
    this.#held = data.length - whole;
    return this;
  }

  /** @returns {Uint8Array} */
  digest() {
    const bits = new Uint8Array(((this.#held + 9 + 63) & ~63) - this.#held);
    const view = new DataView(bits.buffer);
    bits[0] = 0x80;
    view.setUint32(bits.length - 8, Math.floor(this.#size / 2 ** 29));
    view.setUint32(bits.length - 4, (this.#size << 3) >>> 0);
    this.update(bits);
    const out = new Uint8Array(32);
    this.#state.forEach((word, at) => new DataView(out.buffer).setInt32(4 * at, word));
    return out;
  }
}

/**
 * HMAC-SHA256 under a key that is no secret, of many texts with one beginning: WebCrypto's promise for each of 100,000
 * tickets costs more than the tickets. Writes the eight words of each into `out`.
 * @param {Uint8Array} key at most 64 bytes @param {string} prefix @param {number} longest bytes after it
 * @returns {(text: string, out: Uint32Array, at: number) => void}
 */
export function hmacWords(key, prefix, longest) {
  const w = new Int32Array(64);
  const padded = (mark) => {
    const block = new Uint8Array(64).fill(mark);
    key.forEach((byte, at) => (block[at] ^= byte));
    const state = START.slice();
    blocks(state, w, block, 0, 64);
    return state;
  };
  const [inner, outer] = [padded(0x36), padded(0x5c)];
  const encoder = new TextEncoder();
  const start = encoder.encode(prefix);
  const data = new Uint8Array((start.length + longest + 9 + 63) & ~63);
  const rest = data.subarray(start.length);
  const state = new Int32Array(8);
  const last = new Uint8Array(64);
  const ends = (block, size, length) => {
    block[size - 2] = (length * 8) >>> 8;
    block[size - 1] = (length * 8) & 255;
  };
  data.set(start);
  last[32] = 0x80;
  ends(last, 64, 64 + 32);
  return (text, out, at) => {
    const length = start.length + encoder.encodeInto(text, rest).written;
    const size = (length + 9 + 63) & ~63;
    data.fill(0, length, size);
    data[length] = 0x80;
    ends(data, size, 64 + length);
    state.set(inner);
    blocks(state, w, data, 0, size);
    for (let i = 0; i < 8; i += 1) {
      last[4 * i] = state[i] >>> 24;
      last[4 * i + 1] = state[i] >>> 16;
      last[4 * i + 2] = state[i] >>> 8;
      last[4 * i + 3] = state[i];
    }
    state.set(outer);
    blocks(state, w, last, 0, 64);
    for (let i = 0; i < 8; i += 1) out[at + i] = state[i];
  };
}

/**
 * The SHA-256 of a Blob of any size. @param {Blob} blob
 * @param {(done: number, all: number) => void} [progress] @returns {Promise<Uint8Array>}
 */
export async function sha256Blob(blob, progress) {
  if (blob.size <= SMALL) return new Uint8Array(await crypto.subtle.digest("SHA-256", await blob.arrayBuffer()));
  const digest = new Sha256();
  for (let at = 0; at < blob.size; at += BLOCK) {
    digest.update(new Uint8Array(await blob.slice(at, at + BLOCK).arrayBuffer()));
    progress?.(Math.min(at + BLOCK, blob.size), blob.size);
  }
  return digest.digest();
}
