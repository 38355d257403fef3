// The public log from its tiles (C2SP tlog-tiles): where an entry stands, proven against a checkpoint's root.

import { NotCanonical, equal, hex } from "./bytes.js";
import { leafHash, nodeHash } from "./merkle.js";

export const WIDTH = 256;

/** The path of a tile beneath the log. @param {number|"entries"} level @param {number} index @param {number} width */
export function tilePath(level, index, width = WIDTH) {
  const digits = String(index);
  const groups = digits.padStart(3 * Math.ceil(digits.length / 3), "0").match(/.{3}/g);
  const number = [...groups.slice(0, -1).map((group) => `x${group}`), groups.at(-1)].join("/");
  return `tile/${level}/${number}${width < WIDTH ? `.p/${width}` : ""}`;
}

/** The entries of a bundle, each after its length in two bytes. @param {Uint8Array} data */
export function entriesOfBundle(data) {
  const found = [];
  for (let at = 0; at < data.length;) {
    const end = at + 2 + 256 * data[at] + data[at + 1];
    if (end > data.length || at + 2 > data.length) throw new NotCanonical("bundle: cut short");
    found.push(data.slice(at + 2, end));
    at = end;
  }
  return found;
}

/** The root of hashes of equally large perfect trees, and of what stands to their right. */
async function folded(peaks) {
  let root = null;
  for (const peak of peaks.toReversed()) root = root ? await nodeHash(peak, root) : peak;
  return root;
}

/** The perfect trees a row of hashes makes, the largest first. */
async function peaksOf(row) {
  const peaks = [];
  for (let start = 0; start < row.length;) {
    let size = 1;
    while (start + 2 * size <= row.length) size *= 2;
    peaks.push(await perfect(row.slice(start, start + size)));
    start += size;
  }
  return peaks;
}

async function perfect(row) {
  let level = row;
  while (level.length > 1) {
    level = await Promise.all(Array.from({ length: level.length / 2 }, (_, at) => nodeHash(level[2 * at], level[2 * at + 1])));
  }
  return level[0];
}

/**
 * A reader of the log under one checkpoint. Every tile it takes is compared with the root.
 * @param {{size: number, root: Uint8Array}} head @param {(path: string) => Promise<Uint8Array>} fetch beneath the log
 */
export function reader({ size, root }, fetch) {
  const rows = new Map(); // "level/index" → its hashes, already proven
  const count = (level) => Math.floor(size / WIDTH ** level);
  const need = (holds) => {
    if (!holds) throw new NotCanonical("log: its tiles do not make the root it signed");
  };

  async function hashes(level, index) {
    const width = Math.min(WIDTH, count(level) - index * WIDTH);
    const data = await fetch(tilePath(level, index, width));
    need(data.length === 32 * width);
    return Array.from({ length: width }, (_, at) => data.slice(32 * at, 32 * at + 32));
  }

  /** The right edge: the incomplete tile of every level, together the root. */
  async function edge() {
    const peaks = [];
    let top = 0;
    while (count(top + 1) > 0) top += 1;
    for (let level = top; level >= 0; level -= 1) {
      const index = Math.floor(count(level) / WIDTH);
      if (count(level) % WIDTH === 0) continue;
      const row = await hashes(level, index);
      rows.set(`${level}/${index}`, row);
      peaks.push(...(await peaksOf(row)));
    }
    need(equal(await folded(peaks), root));
  }

  /** The proven hashes of a tile: of the edge, or what the level above says of it. */
  async function row(level, index) {
    const name = `${level}/${index}`;
    if (!rows.has(name)) {
      const above = await row(level + 1, Math.floor(index / WIDTH));
      const own = await hashes(level, index);
      need(own.length === WIDTH && equal(await perfect(own), above[index % WIDTH]));
      rows.set(name, own);
    }
    return rows.get(name);
  }

  return {
    /**
     * Where these entries stand, the newest bundles first. Throws NotCanonical when one is not in the log.
     * @param {Uint8Array[]} wanted @returns {Promise<number[]>}
     */
    async find(wanted) {
      await edge();
      const names = await Promise.all(wanted.map(async (entry) => hex(await leafHash(entry))));
      const left = new Map(names.map((name) => [name, -1]));
      for (let index = Math.ceil(size / WIDTH) - 1; index >= 0 && [...left.values()].includes(-1); index -= 1) {
        const proven = await row(0, index);
        const entries = entriesOfBundle(await fetch(tilePath("entries", index, proven.length)));
        need(entries.length === proven.length);
        for (const [at, entry] of entries.entries()) {
          const leaf = await leafHash(entry);
          need(equal(leaf, proven[at]));
          if (left.has(hex(leaf))) left.set(hex(leaf), index * WIDTH + at);
        }
      }
      if ([...left.values()].includes(-1)) throw new NotCanonical("log: an entry is not in it");
      return names.map((name) => left.get(name));
    },
  };
}
