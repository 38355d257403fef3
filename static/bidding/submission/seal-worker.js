// Sealing away from the page. The organisation's key comes as a non-extractable handle; files come by reference.

import { seal } from "./sealing.js";

self.addEventListener("message", async ({ data }) => {
  const { part } = data;
  try {
    const sealed = await seal(data, (step, done, all) => self.postMessage({ part, step, done, all }));
    self.postMessage({ part, sealed });
  } catch (wrong) {
    self.postMessage({ part, wrong: { name: wrong.name, message: wrong.message } });
  }
});
