// Sending an envelope in pieces (tus 1.0.0): cut off, it asks how much has come and goes on from there.

import { b64, sha256 as digest, utf8 } from "../../proofs/bytes.js";
import { Refusal, Unreachable, request } from "../../parts/doors.js";
import { straight } from "./straight.js";

const SMALLEST = 512 * 1024;
const LARGEST = 8 * 2 ** 20; // the server takes no more at once
const QUICK = 4000; // milliseconds: a piece that took less is followed by a larger one
const SPEAKS = { "Tus-Resumable": "1.0.0" };
const AGAIN = ["upload.offset", "upload.busy", "upload.missing"];
const DETOUR = 3; // misses in a row after which the way through the site is taken

/** @typedef {{done: number, all: number, waiting: number}} Told waiting: seconds until the next attempt, 0 while it goes */

/** Wait, or less when the network is back. */
function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const over = () => {
      clearTimeout(timer);
      removeEventListener("online", over);
      resolve(undefined);
    };
    const timer = setTimeout(over, milliseconds);
    addEventListener("online", over);
    signal.addEventListener("abort", over);
  });
}

async function begin(door, { sha256, size }, signal) {
  const headers = { ...SPEAKS, "Upload-Length": String(size), "Upload-Metadata": `sha256 ${b64(utf8(sha256))}` };
  const answer = await request(door, { method: "POST", headers, signal });
  const offset = Number(answer.headers.get("Upload-Offset"));
  return { place: answer.headers.get("Location"), offset, pieces: answer.headers.get("Upload-Pieces") };
}

async function piece(place, offset, data, signal) {
  const headers = {
    ...SPEAKS, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream",
    "Upload-Checksum": `sha256 ${b64(await digest(data))}`,
  };
  const answer = await request(place, { method: "PATCH", headers, body: data, signal });
  return Number(answer.headers.get("Upload-Offset"));
}

/**
 * Send an envelope until all of it has come. Throws Refusal where sending again would not help, and the signal's reason.
 * @param {{door: string, blob: Blob, sha256: string}} what @param {(told: Told) => void} tell @param {AbortSignal} signal
 */
export async function upload({ door, blob, sha256 }, tell, signal) {
  const all = blob.size;
  let [place, offset, length, misses, pieces] = [null, 0, SMALLEST, 0, null];
  while (place === null || offset < all) {
    try {
      if (place === null) ({ place, offset, pieces } = await begin(door, { sha256, size: all }, signal));
      tell({ done: offset, all, waiting: 0 });
      if (offset === all) return;
      // Where this computer does not reach the storage, the site takes it as it takes everything.
      if (pieces !== null && offset === 0 && misses < DETOUR) {
        await straight(pieces, blob, () => { misses = 0; }, tell, signal);
        return;
      }
      const start = performance.now();
      const data = new Uint8Array(await blob.slice(offset, offset + length).arrayBuffer());
      offset = await piece(place, offset, data, signal);
      length = performance.now() - start < QUICK ? Math.min(2 * length, LARGEST) : Math.max(SMALLEST, length / 2);
      misses = 0;
      tell({ done: offset, all, waiting: 0 });
    } catch (wrong) {
      signal.throwIfAborted();
      const gone = wrong instanceof Refusal && wrong.status === 404 && place !== null && misses < 3;
      const apart = wrong instanceof Refusal && (wrong.status === 460 || AGAIN.some((code) => wrong.has(code)));
      if (!gone && !apart && !(wrong instanceof Unreachable)) throw wrong;
      misses += 1;
      const wait = Math.min(30, 2 ** Math.min(misses, 5) / 2);
      tell({ done: offset, all, waiting: wait });
      await pause(1000 * wait, signal);
      signal.throwIfAborted();
      place = null; // beginning again finds what was begun, and says how much of it has come
    }
  }
}
