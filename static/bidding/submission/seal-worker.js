// Sealing away from the page. The organisation's key comes as a non-extractable handle; files come by reference.

import { seal } from "./sealing.js";

const SAME = 100; // milliseconds between two words on how far it is

self.addEventListener("message", async ({ data }) => {
  const { part } = data;
  if (part === "hello") {
    self.postMessage({ part });
    return;
  }
  let told = 0;
  try {
    const sealed = await seal(data, (step, done, all) => {
      if (done < all && performance.now() - told < SAME) return;
      told = performance.now();
      self.postMessage({ part, step, done, all });
    });
    self.postMessage({ part, sealed });
  } catch (wrong) {
    self.postMessage({ part, wrong: { name: wrong.name, message: wrong.message } });
  }
});
