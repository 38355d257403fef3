// The draft of a bid, on this computer only: fields, files and sealed envelopes survive a closed tab. Passphrases and
// keys are never kept. Files are kept apart from the fields: they are written when they change, not at every letter.

const FIELDS = "drafts";
const FILES = "files";
const SEALED = "sealed";

function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("mingbiao", 2);
    request.onupgradeneeded = () => {
      for (const name of [FIELDS, FILES, SEALED]) {
        if (!request.result.objectStoreNames.contains(name)) request.result.createObjectStore(name);
      }
    };
    request.onsuccess = () => {
      request.result.onversionchange = () => request.result.close(); // a tab with a newer page wants to go on
      resolve(request.result);
    };
    request.onerror = () => reject(request.error);
  });
}

async function ask(store, mode, act) {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      const transaction = opened.transaction(store, mode);
      const request = act(transaction.objectStore(store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = () => reject(transaction.error);
    });
  } finally {
    opened.close();
  }
}

const get = (store, place) => ask(store, "readonly", (rows) => rows.get(place));
const put = (store, place, value) => ask(store, "readwrite", (rows) => rows.put(value, place));
const drop = (store, place) => ask(store, "readwrite", (rows) => rows.delete(place));

/** @typedef {{price: string, words: string, delivery: string, small: boolean, note: string, items: string, savedAt: number}} Fields */
/**
 * @typedef {{part: string, name: string|null, blob: Blob|null, eid: string, env_sha256: string, size: number, slot: number,
 *   cmh: string, unit: object, uploaded: boolean}} Sealed  blob: only where there is no disk to keep it by name
 */

/** @param {string} place organisation and project @returns {Promise<{fields?: Fields, files: File[], sealed: Sealed[]|null}>} */
export async function load(place) {
  const [fields, files, sealed] = [await get(FIELDS, place), await get(FILES, place), await get(SEALED, place)];
  return { fields, files: files ?? [], sealed: sealed ?? null };
}

/** @param {string} place @param {Fields} fields */
export const saveFields = (place, fields) => put(FIELDS, place, fields);
/** @param {string} place @param {File[]} files */
export const saveFiles = (place, files) => put(FILES, place, files);
/** @param {string} place @param {Sealed[]|null} sealed */
export const saveSealed = (place, sealed) => (sealed ? put(SEALED, place, sealed) : drop(SEALED, place));

/** @param {string} place */
export async function forget(place) {
  for (const store of [FIELDS, FILES, SEALED]) await drop(store, place);
}
