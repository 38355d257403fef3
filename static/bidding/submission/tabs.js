// One tab at a time edits a bid: two would overwrite each other's draft and discard each other's envelopes.

/**
 * Be the tab that edits. `lost` is called when another one takes over.
 * @param {string} name @param {() => void} lost @param {boolean} [take] take it from whoever has it
 * @returns {Promise<boolean>} whether this tab has it now
 */
export function alone(name, lost, take = false) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    const until = (lock) => {
      resolve(lock !== null);
      return lock && new Promise(() => {}); // held until the tab is closed or it is taken
    };
    navigator.locks.request(name, take ? { steal: true } : { ifAvailable: true }, until).catch(lost);
  });
}
