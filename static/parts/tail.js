// The live tail of a public stream: a socket that catches up after every break, and plain requests where there is none.

import { getJson } from "./doors.js";

const LONGEST_WAIT = 30_000;
const POLL = 3_000;

/**
 * Follow a stream from after an entry on. `hear` gets every entry once, in order.
 * @param {{socket: string, entriesUrl: string, after: number}} where
 * @param {{hear: (entry: any) => void, live: (isLive: boolean) => void}} reader
 */
export function follow({ socket, entriesUrl, after }, { hear, live }) {
  let last = after;
  let failures = 0;
  let polling = null;

  const take = (entry) => {
    if (entry.seq <= last) return;
    last = entry.seq;
    hear(entry);
  };

  async function poll() {
    try {
      const page = await getJson(`${entriesUrl}?after=${last}&lined=true`);
      page.entries.forEach(take);
    } catch {
      // The next round asks again; the badge says that the connection is lost.
    }
  }

  function connect() {
    const url = new URL(socket, location.href);
    url.protocol = location.protocol === "https:" ? "wss:" : "ws:";
    url.searchParams.set("after", String(last));
    const tail = new WebSocket(url);
    tail.addEventListener("open", () => {
      failures = 0;
      clearInterval(polling);
      polling = null;
      live(true);
    });
    tail.addEventListener("message", ({ data }) => {
      // One entry a line: who comes late is told many at once.
      for (const line of data.split("\n")) {
        const entry = JSON.parse(line);
        if (typeof entry.seq === "number") take(entry);
      }
    });
    tail.addEventListener("close", () => {
      failures += 1;
      live(false);
      // Some networks let no socket through: then plain requests tell the same story a little later.
      if (failures >= 2) polling ??= setInterval(poll, POLL);
      // Spread out, or everybody comes back in the same instant.
      setTimeout(connect, Math.min(LONGEST_WAIT, 500 * 2 ** failures) * (0.5 + Math.random()));
    });
  }

  connect();
}
