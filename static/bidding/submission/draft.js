// The draft of a bid, on this computer only: fields and files survive a reload, passphrases are never kept.

const STORE = "drafts";

function database() {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open("mingbiao", 1);
    request.onupgradeneeded = () => request.result.createObjectStore(STORE);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

async function ask(mode, act) {
  const opened = await database();
  try {
    return await new Promise((resolve, reject) => {
      const request = act(opened.transaction(STORE, mode).objectStore(STORE));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error);
    });
  } finally {
    opened.close();
  }
}

/** @typedef {{price: string, delivery: string, small: boolean, note: string, files: File[], savedAt: number}} Draft */

/** @param {string} key organisation and project @returns {Promise<Draft|undefined>} */
export const load = (key) => ask("readonly", (store) => store.get(key));
/** @param {string} key @param {Draft} draft */
export const save = (key, draft) => ask("readwrite", (store) => store.put(draft, key));
/** @param {string} key */
export const forget = (key) => ask("readwrite", (store) => store.delete(key));
