// Sealed envelopes on this computer's disk (the origin's private file system) until they are handed in: they may be
// larger than memory and outlive a closed tab. They are ciphertext; without the key file nobody can open them.

import { gathered } from "../../proofs/cobblestone.js";

const FOLDER = "sealed";

const folder = async (create) => (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create });

/**
 * A sink that writes to a file as the bytes come; in the browser's own keeping where there is no such disk.
 * @param {string} name @returns {Promise<import("../../proofs/cobblestone.js").Sink & {onDisk: boolean}>}
 */
export async function sink(name) {
  let handle;
  let access;
  try {
    handle = await (await folder(true)).getFileHandle(name, { create: true });
    access = await handle.createSyncAccessHandle();
  } catch {
    return { ...gathered(), onDisk: false }; // not in a worker, or a browser or a private window without the file system
  }
  access.truncate(0);
  return {
    onDisk: true,
    write: (data) => {
      if (access.write(data) !== data.byteLength) throw new DOMException("disk full", "QuotaExceededError");
    },
    finish: () => {
      access.flush();
      access.close();
      return handle.getFile();
    },
  };
}

/** A kept envelope, or null when it is gone. @param {string} name @returns {Promise<File|null>} */
export async function read(name) {
  try {
    return await (await (await folder(false)).getFileHandle(name)).getFile();
  } catch {
    return null;
  }
}

/** Forget every kept envelope whose name begins so, but those named. @param {string} start @param {string[]} but */
export async function forget(start, but = []) {
  let place;
  try {
    place = await folder(false);
  } catch {
    return; // nothing was ever kept
  }
  for await (const name of place.keys()) {
    if (!name.startsWith(start) || but.includes(name)) continue;
    await place.removeEntry(name).catch(() => null); // still open in another tab: it forgets it itself
  }
}
