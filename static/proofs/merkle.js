// The Merkle tree of a log. Hashing: RFC 6962 §2.1. Verification: RFC 9162 §2.1.3.2 and §2.1.4.2.
// Indices stay below 2^53 and are halved by division: JavaScript's shifts know only 32 bits.

import { equal, sha256, u8 } from "./bytes.js";

const half = (number) => Math.floor(number / 2);
const odd = (number) => number % 2 === 1;

/** SHA-256(0x00 ‖ entry). @param {Uint8Array} entry */
export const leafHash = (entry) => sha256(u8(0), entry);
/** SHA-256(0x01 ‖ left ‖ right). @param {Uint8Array} left @param {Uint8Array} right */
export const nodeHash = (left, right) => sha256(u8(1), left, right);

const areHashes = (values) => values.every((value) => value.length === 32);

/**
 * Whether `leaf` is leaf `index` of the tree of `size` leaves with that root.
 * @param {{leaf: Uint8Array, index: number, size: number, proof: Uint8Array[], root: Uint8Array}} claim
 */
export async function verifyInclusion({ leaf, index, size, proof, root }) {
  if (!(index >= 0 && index < size) || !areHashes([leaf, root, ...proof])) return false;
  let [at, last, digest] = [index, size - 1, leaf];
  for (const sibling of proof) {
    if (last === 0) return false;
    if (odd(at) || at === last) {
      digest = await nodeHash(sibling, digest);
      while (!odd(at) && at) [at, last] = [half(at), half(last)];
    } else {
      digest = await nodeHash(digest, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equal(digest, root);
}

/**
 * Whether the tree of `old` leaves is a prefix of the tree of `size` leaves, by their roots.
 * @param {{old: number, size: number, oldRoot: Uint8Array, root: Uint8Array, proof: Uint8Array[]}} claim
 */
export async function verifyConsistency({ old, size, oldRoot, root, proof }) {
  if (!(old >= 0 && old <= size) || !areHashes([oldRoot, root, ...proof])) return false;
  if (old === 0) {
    const empty = await sha256();
    return proof.length === 0 && equal(oldRoot, empty) && (size > 0 || equal(root, empty));
  }
  if (old === size) return proof.length === 0 && equal(oldRoot, root);
  const path = Number.isInteger(Math.log2(old)) ? [oldRoot, ...proof] : [...proof];
  if (path.length === 0) return false;
  let [at, last] = [old - 1, size - 1];
  while (odd(at)) [at, last] = [half(at), half(last)];
  let first = path[0];
  let second = path[0];
  for (const sibling of path.slice(1)) {
    if (last === 0) return false;
    if (odd(at) || at === last) {
      first = await nodeHash(sibling, first);
      second = await nodeHash(sibling, second);
      while (!odd(at) && at) [at, last] = [half(at), half(last)];
    } else {
      second = await nodeHash(second, sibling);
    }
    [at, last] = [half(at), half(last)];
  }
  return last === 0 && equal(first, oldRoot) && equal(second, root);
}
