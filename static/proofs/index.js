// What is inside an envelope: `u32 len ‖ index ‖ files in order ‖ zeros`, padded so that its size tells little.
// Plaintexts are Blobs put together by reference: a file is read when its turn comes, never as a whole.

import { NotCanonical, concat, hex, u32 } from "./bytes.js";
import * as canonical from "./canonical.js";
import { sha256Blob } from "./sha256.js";
import * as statements from "./statement.js";

const STEP = 65536;
const LONGEST = 4 * 2 ** 20;
const BLOCK = 2 ** 20;
const READ_OUT = ["sheet", "price"];

/** The length a plaintext is padded to (Padmé of at least 64 KiB; whole 64 KiB for what is read out). */
export function paddedLength(length, part) {
  if (READ_OUT.includes(part)) return Math.ceil(length / STEP) * STEP;
  const longer = Math.max(length, STEP);
  const bits = (number) => number.toString(2).length; // exact beyond 2^32, unlike the logarithm
  const exponent = bits(longer) - 1;
  const step = 2 ** (exponent - bits(exponent));
  return Math.ceil(longer / step) * step;
}

/** Its line in the index. @param {{name: string, blob: Blob}} file @param {(done: number, all: number) => void} [progress] */
export async function described({ name, blob }, progress) {
  return { name, size: blob.size, sha256: hex(await sha256Blob(blob, progress)) };
}

/**
 * The signed index of an envelope.
 * @param {{unit: object, eid: string, sheet: object, files: {name: string, blob: Blob}[], by: any, ts: string,
 *   hashing?: (done: number, all: number) => void}} made
 */
export async function build({ unit, eid, sheet, files, by, ts, hashing }) {
  const listed = [];
  const all = files.reduce((sum, { blob }) => sum + blob.size, 0);
  let before = 0;
  for (const file of files) {
    listed.push(await described(file, (done) => hashing?.(before + done, all)));
    before += file.blob.size;
  }
  const signed = await statements.sign("idx/1", { unit, eid, sheet, files: listed }, by, ts);
  checkSheet(signed);
  return signed;
}

/** The padded plaintext. @param {any} index @param {{blob: Blob}[]} files @returns {Blob} */
export function plaintext(index, files) {
  const head = canonical.dumps(index);
  const length = 4 + head.length + index.files.reduce((sum, file) => sum + file.size, 0);
  const left = paddedLength(length, index.unit.part) - length;
  const zeros = new Blob([new Uint8Array(Math.min(left, BLOCK))]);
  const padding = Array.from({ length: Math.floor(left / BLOCK) }, () => zeros);
  if (left % BLOCK) padding.push(zeros.slice(0, left % BLOCK));
  return new Blob([concat(u32(head.length), head), ...files.map((file) => file.blob), ...padding]);
}

/**
 * The index at the head of an opened plaintext, with every byte behind it checked; its signature is not looked at.
 * @param {Blob} opened @param {(done: number, all: number) => void} [progress]
 * @returns {Promise<{index: any, files: {name: string, blob: Blob}[]}>}
 */
export async function read(opened, progress) {
  const view = new DataView(await opened.slice(0, 4).arrayBuffer());
  const length = view.byteLength === 4 ? view.getUint32(0) : 0;
  if (length < 1 || length > Math.min(LONGEST, opened.size)) throw new NotCanonical("index: length out of range");
  const data = new Uint8Array(await opened.slice(4, 4 + length).arrayBuffer());
  const index = statements.check(canonical.parse(data), "idx/1");
  checkSheet(index);
  const total = 4 + length + index.files.reduce((sum, file) => sum + file.size, 0);
  if (opened.size !== paddedLength(total, index.unit.part)) {
    throw new NotCanonical("plaintext: not the padded length of its content");
  }
  const files = [];
  let at = 4 + length;
  for (const { name, size, sha256 } of index.files) {
    const blob = opened.slice(at, at + size);
    const before = at;
    if (hex(await sha256Blob(blob, (done) => progress?.(before + done, total))) !== sha256) throw new NotCanonical(`${name}: not the bytes the index names`);
    files.push({ name, blob });
    at += size;
  }
  for (; at < opened.size; at += BLOCK) {
    const padding = new Uint8Array(await opened.slice(at, at + BLOCK).arrayBuffer());
    if (padding.some((byte) => byte !== 0)) throw new NotCanonical("plaintext: the padding is not all zeros");
  }
  return { index, files };
}

function checkSheet(index) {
  if (!Object.hasOwn(index.unit, "part")) throw new NotCanonical("index: its unit is no part of a tender");
  // Only what the law reads out may be in a sheet, and a sheet only where it is read out.
  if (Object.keys(index.sheet).length && !READ_OUT.includes(index.unit.part)) {
    throw new NotCanonical("sheet: must be {} in a unit that is not read out");
  }
}
