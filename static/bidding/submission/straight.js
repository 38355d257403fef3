// Sending an envelope straight to the storage: each piece to an address for its bytes alone. What has come stays there.

import { hex, sha256 as digest } from "../../proofs/bytes.js";
import { Unreachable, getJson, postJson, request } from "../../parts/doors.js";
import { tr } from "../../parts/words.js";

const THERE = 412; // an earlier try put it there, and its answer was lost

/** PUT one piece where the house says. Nothing of ours goes with it: no cookie, no page it came from. */
async function put({ url, headers }, body, signal) {
  let answer;
  try {
    answer = await fetch(url, { method: "PUT", headers, body, signal, credentials: "omit", referrerPolicy: "no-referrer" });
  } catch {
    throw new Unreachable(tr`网络不通或服务器没有应答`);
  }
  if (!answer.ok && answer.status !== THERE) throw new Unreachable(tr`系统暂时不可用`);
}

/**
 * Send what has not come yet, then have it read.
 * @param {string} pieces the door that says which @param {Blob} blob @param {() => void} came after each piece
 * @param {(told: {done: number, all: number, waiting: number}) => void} tell @param {AbortSignal} signal
 */
export async function straight(pieces, blob, came, tell, signal) {
  const { piece, length, there } = await getJson(pieces);
  const count = Math.ceil(length / piece);
  const before = new Set(there);
  const sizeOf = (number) => Math.min(piece, length - (number - 1) * piece);
  let done = there.reduce((sum, number) => sum + sizeOf(number), 0);
  for (let number = 1; number <= count; number += 1) {
    if (before.has(number)) continue;
    tell({ done, all: length, waiting: 0 });
    signal.throwIfAborted();
    const data = new Uint8Array(await blob.slice((number - 1) * piece, number * piece).arrayBuffer());
    await put(await postJson(pieces, { number, sha256: hex(await digest(data)) }), data, signal);
    done += data.length;
    came();
  }
  await request(pieces.replace(/pieces$/, "whole"), { method: "POST", signal });
  tell({ done: length, all: length, waiting: 0 });
}
