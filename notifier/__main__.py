"""`python -m notifier --folder DIR --port N`: the process that knows whom it calls. Variables as the site's own."""

import argparse
import json
import logging
import os
import secrets
from pathlib import Path

from notifier.server import Notifier, Server
from notifier.store import Store


def token_kept_in(path: Path) -> str:
    """The token both sides show, made on first use and readable by its owner alone."""
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as fresh:
            fresh.write(secrets.token_urlsafe(32))
    except FileExistsError:
        pass
    return path.read_text().strip()


def main() -> None:
    """Serve until stopped."""
    asked = argparse.ArgumentParser(prog="python -m notifier", description=__doc__)
    asked.add_argument("--folder", type=Path, required=True, help="its own: database and token, on no site's backup")
    asked.add_argument("--host", default="127.0.0.1")
    asked.add_argument("--port", type=int, default=8003)
    asked.add_argument("--log", default="", help="verifier key of the site's public log; else the first it names")
    asked.add_argument(
        "--gateway", action="append", default=[], help="sms=https://…, voice=https://…; else the console"
    )
    asked.add_argument("--show", action="store_true", help="a page of what was sent, for the demo")
    told = asked.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(name)s: %(message)s")
    told.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.umask(0o077)
    notifier = Notifier(
        store=Store(told.folder / "notifier.sqlite3"),
        token=token_kept_in(told.folder / "token"),
        log=told.log,
        witnesses=[each["vkey"] for each in json.loads(os.environ.get("MINGBIAO_WITNESSES") or "[]")],
        quorum=int(os.environ.get("MINGBIAO_QUORUM") or 0),
        urls=dict(each.split("=", 1) for each in told.gateway),
        gateway_token=os.environ.get("MINGBIAO_GATEWAY_TOKEN", ""),
        show=told.show,
    )
    Server(notifier, host=told.host, port=told.port).serve_forever(0.5)


if __name__ == "__main__":
    main()
