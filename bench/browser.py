"""Figures of the bidder's browser: sealing in Chromium, and the memory it takes."""

import functools
import http.server
import os
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from bench.figures import Figure, at_least, at_most
from proofs import manifest
from proofs.canonical import b64u
from tests.browser import conftest
from tests.proofs.procurement import organisation

ROUNDS = 5
MIB = 2**20
SCRIPTS = """async ({kcm, seed}) => {
  const {Organisation} = await import("/static/proofs/organisation.js");
  const {unb64u} = await import("/static/proofs/bytes.js");
  const {sealAside} = await import("/static/bidding/submission/sealing.js");
  const by = await Organisation.of("BIDDER", 1, unb64u(seed));
  document.body.append(Object.assign(document.createElement("input"), {type: "file"}));
  const chosen = () => document.querySelector("input").files[0];
  window.sealed = async () => {
    const start = performance.now();
    let trial = 0;
    const asked = {part: "body", policy: "A", slot: 1, sheet: {}, ts: "2026-11-21T08:00:00.000000Z", name: "bench",
      handle: by.handle(), kcm: unb64u(kcm), files: [{name: "投标文件.pdf", blob: chosen()}]};
    const tell = (step) => { if (step === "trial") trial ||= performance.now(); };
    const {size, name} = await sealAside(asked, tell, new AbortController().signal);
    return {size, onDisk: name !== null, sealing: trial - start, all: performance.now() - start};
  };
  window.bare = async () => {
    const key = await crypto.subtle.generateKey({name: "AES-GCM", length: 256}, false, ["encrypt"]);
    const start = performance.now();
    for (let at = 0; at < chosen().size; at += 2 ** 20) {
      const how = {name: "AES-GCM", iv: crypto.getRandomValues(new Uint8Array(12))};
      await crypto.subtle.encrypt(how, key, await chosen().slice(at, at + 2 ** 20).arrayBuffer());
    }
    return performance.now() - start;
  };
}"""


def seal() -> Iterator[Figure]:
    """100 MiB sealed in a worker, against AES-GCM over the same bytes; and the memory 2 GiB take."""
    with tempfile.TemporaryDirectory(prefix="mb-bench-") as folder, _page() as page:
        page.set_input_files("input", _file(Path(folder), 100 * MIB, sparse=False))
        page.evaluate("sealed()")
        pairs = [(page.evaluate("bare()"), page.evaluate("sealed()")) for _ in range(ROUNDS)]
        assert all(told["onDisk"] for _, told in pairs)
        trial = sorted(told["all"] - told["sealing"] for _, told in pairs)[ROUNDS // 2]
        text = f"100 MiB from file to envelope on disk, against WebCrypto AES-GCM over the file \
({sorted(pairs, key=lambda one: one[0])[ROUNDS // 2][0]:.0f} ms); the trial opening after it takes {trial:.0f} ms"
        yield at_least("seal", [floor / told["sealing"] for floor, told in pairs], 0.5, text)
        page.set_input_files("input", _file(Path(folder), 2048 * MIB, sparse=True))
        grown, told = _watched(page)
        text = f"most memory of all Chromium's processes above the idle page while 2 GiB are sealed and opened again, \
in {told['all'] / 1000:.0f} s"
        yield at_most("seal-memory", [grown / MIB], 400, text, unit=" MiB")


DRAW = """async () => {
  const lots = await import("/static/proofs/lots.js");
  const digest = (text) => crypto.subtle.digest("SHA-256", new TextEncoder().encode(text));
  const hash = async (text) => [...new Uint8Array(await digest(text))]
    .map((byte) => byte.toString(16).padStart(2, "0")).join("");
  const pool = [];
  for (let n = 0; n < 100_000; n += 1) {
    pool.push({cid: await hash(`${n}`), org: await hash(`o${n >> 3}`), strata: ["A"]});
  }
  pool.sort((a, b) => (a.cid < b.cid ? -1 : 1));
  window.drawAgain = async (first) => {
    await lots.poolSha256(pool);
    return lots.select(new Uint8Array(32).fill(first), pool, [{key: "A", need: 5, standby: 10}], 1)[0].chosen.length;
  };
}"""


def draw_100k() -> Iterator[Figure]:
    """A draw over 100,000 candidates run again in Chromium, its list hashed: seconds of the page's CPU."""
    with _page() as page:
        page.evaluate(DRAW)
        told = page.context.new_cdp_session(page)
        told.send("Performance.enable", {"timeDomain": "threadTicks"})

        def spent() -> float:
            rows = told.send("Performance.getMetrics")["metrics"]
            return float(next(row["value"] for row in rows if row["name"] == "TaskDuration"))

        seconds = []
        for turn in range(ROUNDS):
            before = spent()
            assert page.evaluate("(n) => drawAgain(n)", turn) == 5
            seconds.append(spent() - before)
        text = "100,000 candidates, list hashed and drawn again in Chromium; the page's own CPU"
        yield at_most("draw-100k-browser", seconds, 3, text, unit=" s")


class _Site(conftest.Scripts):
    """As the house serves it: a worker may start."""

    policy = conftest.POLICY.replace("; trusted-types 'none'", "")


@contextmanager
def _page() -> Iterator[Page]:
    scripts = functools.partial(_Site, directory=str(conftest.ROOT))
    server = http.server.ThreadingHTTPServer(("localhost", 0), scripts)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    unit = {"tender": "T", "lot": "1", "part": "body"}
    holders = [organisation(f"H{i}") for i in range(3)]
    keys = [(who.org, who.slot_keys(unit=unit, role="c", count=4)) for who in holders]
    # A profile on the disk: a private window keeps its files in memory.
    with sync_playwright() as playwright, tempfile.TemporaryDirectory(prefix="mb-bench-") as profile:
        chromium = playwright.chromium.launch_persistent_context(
            profile, executable_path=conftest.CHROMIUM, headless=True, args=conftest.SWITCHES
        )
        page = chromium.pages[0]
        page.set_default_timeout(0)
        page.goto(f"http://localhost:{server.server_address[1]}")
        told = {"kcm": b64u(manifest.build(unit=unit, k=2, members=keys).data), "seed": b64u(os.urandom(32))}
        page.evaluate(SCRIPTS, told)
        yield page
        chromium.close()
    server.shutdown()
    server.server_close()


def _file(folder: Path, size: int, *, sparse: bool) -> str:
    path = folder / f"{size}.pdf"
    with path.open("wb") as file:
        for _ in range(0 if sparse else size // MIB):
            file.write(os.urandom(MIB))
        file.truncate(size)
    return str(path)


def _watched(page: Page) -> tuple[int, dict[str, float]]:
    """How much more memory there is at most while something is sealed, in bytes."""
    most, done, before = 0, threading.Event(), _memory()

    def watch() -> None:
        nonlocal most
        while not done.wait(0.25):
            most = max(most, _memory())

    watcher = threading.Thread(target=watch)
    watcher.start()
    try:
        told = page.evaluate("sealed()")
    finally:
        done.set()
        watcher.join()
    return most - before, told


def _memory() -> int:
    """The proportional share of memory of all processes under this one that are Chromium's."""
    parents: dict[str, str] = {}
    for status in Path("/proc").glob("[0-9]*/stat"):
        try:
            words = status.read_text().rpartition(")")
        except OSError:
            continue  # it has just ended
        parents[status.parent.name] = words[2].split()[1] if "chrom" in words[0] else "-" + words[2].split()[1]
    found = 0
    for pid, parent in parents.items():
        if not parent.startswith("-") and _is_under(pid, parents):
            found += _share(pid)
    return found


def _is_under(pid: str, parents: dict[str, str]) -> bool:
    while pid in parents:
        if pid == str(os.getpid()):
            return True
        pid = parents[pid].lstrip("-")
    return False


def _share(pid: str) -> int:
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0  # it has just ended
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("Pss:"))
