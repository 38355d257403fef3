// A zip archive read from memory: stored and deflated members, no encryption, no zip64, each name once.

import { NotCanonical, fromUtf8 } from "./bytes.js";

const MOST = 512 * 2 ** 20; // unpacked bytes a browser is asked to hold
const END = 0x06054b50;
const ENTRY = 0x02014b50;
const LOCAL = 0x04034b50;

/** The members of an archive. Throws NotCanonical when it is none, or damaged. @param {Uint8Array} data */
export async function unzip(data) {
  const view = new DataView(data.buffer, data.byteOffset, data.byteLength);
  const end = endOf(view);
  const members = new Map();
  let at = view.getUint32(end + 16, true);
  let left = MOST;
  try {
    for (let count = view.getUint16(end + 10, true); count > 0; count -= 1) {
      if (view.getUint32(at, true) !== ENTRY) throw new NotCanonical("zip: no member where one is listed");
      const [how, crc, packed, size] = [view.getUint16(at + 10, true), view.getUint32(at + 16, true),
        view.getUint32(at + 20, true), view.getUint32(at + 24, true)];
      const [named, extra, told] = [28, 30, 32].map((where) => view.getUint16(at + where, true));
      const name = fromUtf8(data.slice(at + 46, at + 46 + named));
      if (members.has(name)) throw new NotCanonical("zip: a member occurs twice");
      left -= size;
      if (left < 0) throw new NotCanonical("zip: too large for a browser");
      const unpacked = await member(data, view, view.getUint32(at + 42, true), how, packed);
      if (unpacked.length !== size || crc32(unpacked) !== crc) throw new NotCanonical(`zip: ${name} is damaged`);
      members.set(name, unpacked);
      at += 46 + named + extra + told;
    }
  } catch (wrong) {
    if (wrong instanceof NotCanonical) throw wrong;
    throw new NotCanonical(`zip: damaged (${wrong.message})`);
  }
  return members;
}

function endOf(view) {
  for (let at = view.byteLength - 22; at >= Math.max(0, view.byteLength - 65557); at -= 1) {
    if (view.getUint32(at, true) === END) return at;
  }
  throw new NotCanonical("not a zip");
}

async function member(data, view, at, how, packed) {
  if (view.getUint32(at, true) !== LOCAL) throw new NotCanonical("zip: a member is not where it is said to be");
  const start = at + 30 + view.getUint16(at + 26, true) + view.getUint16(at + 28, true);
  const raw = data.slice(start, start + packed);
  if (how === 0) return raw;
  if (how !== 8) throw new NotCanonical("zip: packed in an unknown way");
  const stream = new Blob([raw]).stream().pipeThrough(new DecompressionStream("deflate-raw"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let value = byte;
  for (let bit = 0; bit < 8; bit += 1) value = value & 1 ? (value >>> 1) ^ 0xedb88320 : value >>> 1;
  return value;
});

function crc32(data) {
  let value = 0xffffffff;
  for (const byte of data) value = TABLE[(value ^ byte) & 255] ^ (value >>> 8);
  return (value ^ 0xffffffff) >>> 0;
}
