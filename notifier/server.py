"""The notifier's door: JSON over HTTP for the site alone, which shows the token that both keep in a file."""

import hmac
import html
import json
import logging
import threading
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from notifier import MOST_PEOPLE, gateways
from notifier.gateways import Gateway, Outgoing, Undelivered
from notifier.lawful import KINDS, NAMES_BIDDERS, why_not_release
from notifier.store import Store, Unknown

log = logging.getLogger(__name__)
LARGEST = 64 * 2**20  # bytes of a question
SHOWN = 60  # messages on the demo's page


class No(Exception):
    """A question that is not answered, and why."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


@dataclass
class Notifier:
    """Answers the site's questions. log, witnesses, quorum: whose signatures make a public fact; a log that is not
    given is the first the site names.  show: the demo's page of what was sent.
    """

    store: Store
    token: str
    log: str = ""
    witnesses: Sequence[str] = ()
    quorum: int = 0
    urls: Mapping[str, str] = field(default_factory=dict)
    gateway_token: str = ""
    show: bool = False

    def gateway(self, channel: str) -> Gateway:
        """What carries this way."""
        return gateways.gateway(channel, self.urls, self.gateway_token)

    def list(self, told: Mapping[str, Any]) -> Any:
        """Mask everybody who may be drawn, and leave out whom only this process knows to sit somewhere."""
        self._knows(told["log"])
        wanted = ("key", "stream", "people", "before", "sitting", "seated", "most")
        return self.store.make_list(**{name: told[name] for name in wanted}, early=bool(told.get("early")))

    def name(self, told: Mapping[str, Any]) -> Any:
        """Mask people who are not drawn here."""
        self._knows(told["log"])
        return self.store.name(key=told["key"], stream=told["stream"], people=told["people"])

    def drawn(self, told: Mapping[str, Any]) -> Any:
        """These were drawn: from now on the list is not opened any more."""
        if any(self.store.waits(cid) for cid in told["cids"]):
            raise No(409, "before the opening")
        self.store.drawn(told["cids"])

    def fix(self, told: Mapping[str, Any]) -> Any:
        """The order over an early list is known: from now on the list is not opened any more."""
        self.store.fix(told["cids"])

    def strike(self, told: Mapping[str, Any]) -> Any:
        """Who of an early list has a conflict, once the public log says that the opening has named the bidders."""
        self._allowed(told, self.store.rows(told["cids"]), NAMES_BIDDERS)
        return self.store.strike(told["cids"], told["people"])

    def groups(self, told: Mapping[str, Any]) -> Any:
        """Which of these work together."""
        return self.store.groups(told["cids"])

    def whose(self, told: Mapping[str, Any]) -> Any:
        """Which drawn masks are these people's."""
        if len(told["people"]) > MOST_PEOPLE:
            raise No(409, "too many people at once")
        return self.store.whose(told["people"], told["cids"])

    def open(self, told: Mapping[str, Any]) -> Any:
        """Who is in a pool, for the supervision body before the draw; afterwards it would tell the panel.

        Nobody where the mask was not made here: not every draw is over people.
        """
        try:
            rows = self.store.list_of(told["cid"])
        except Unknown:
            return []
        if any(row["drawn"] for row in rows) or self.store.is_fixed(told["cid"]):
            raise No(409, "drawn already")
        shown = ("cid", "number", "salt", "org", "employer", "employer_salt")
        return [{name: row[name] for name in shown} for row in rows]

    def release(self, told: Mapping[str, Any]) -> Any:
        """Who is behind these masks, once the public log allows it."""
        rows = self.store.rows(told["cids"])
        self._allowed(told, rows, KINDS)
        return [{name: row[name] for name in ("cid", "handle", "number", "salt")} for row in rows]

    def send(self, told: Mapping[str, Any]) -> Any:
        """Call the person behind a mask; a message that was taken is not sent again."""
        (row,) = self.store.rows([told["cid"]])
        if self.store.waits(row["cid"]):
            raise No(409, "before the opening")
        reference, channel, words = told["reference"], told["channel"], told["words"]
        arrived = self.store.sent(reference)
        if arrived is None:
            arrived = self._hand_over(Outgoing(reference, channel, row["handle"], words))
            self.store.keep_sent(
                reference=reference, channel=channel, number=row["number"], words=words, arrived=arrived
            )
        return {"arrived": arrived}

    def post(self, told: Mapping[str, Any]) -> Any:
        """A message that is about no panel, to somebody by his handle; of it only is kept that it was sent."""
        reference, channel = told["reference"], told["channel"]
        arrived = self.store.sent(reference)
        if arrived is None:
            arrived = self._hand_over(Outgoing(reference, channel, told["handle"], told["words"], told["about"]))
            self.store.keep_sent(
                reference=reference, channel=channel, number=told["number"], words=told["about"], arrived=arrived
            )
        return {"arrived": arrived}

    def _hand_over(self, message: Outgoing) -> bool:
        try:
            return self.gateway(message.channel).send(message)
        except Undelivered as wrong:
            raise No(502, str(wrong)) from wrong

    def _allowed(self, told: Mapping[str, Any], rows: Sequence[Mapping[str, Any]], kinds: Collection[str]) -> None:
        """Raises No unless the public log holds a fact of these kinds about the purchase these rows are of."""
        known = self._knows(told["log"])
        for stream in {row["stream"] for row in rows}:
            why = why_not_release(
                told["entry"], told["proof"], stream=stream, log=known, witnesses=self.witnesses,
                quorum=self.quorum, kinds=kinds,
            )  # fmt: skip
            if why:
                raise No(409, why)

    def page(self) -> str:
        """The demo's telephone: what was sent to whom, the newest first."""
        rows = [(row["number"], WAYS[row["channel"]], row["words"]) for row in self.store.last_sent(SHOWN)]
        lines = ["".join(f"<td>{html.escape(str(each))}</td>" for each in row) for row in rows]
        return PAGE.replace("<!-- lines -->", "".join(f"<tr>{line}</tr>" for line in lines))

    def _knows(self, told: str) -> str:
        """The key of the site's log: the one given at the start, or the first that was told."""
        return self.log or self.store.pinned("log", told)


WAYS: Mapping[str, str] = {"sms": "短信", "voice": "语音", "email": "邮件", "wechat": "微信"}
PAGE = """<!doctype html><html lang="zh-CN"><meta charset="utf-8"><meta http-equiv="refresh" content="5">
<meta name="viewport" content="width=device-width"><title>演示：收到的消息</title>
<style>body{font:16px/1.6 sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem}td,th{padding:.4rem .8rem .4rem 0;
text-align:left;vertical-align:top;overflow-wrap:anywhere}td:last-child{white-space:pre-line}td:first-child{white-space:nowrap}</style>
<h1>演示：收到的短信、邮件、微信和电话</h1>
<p>通知器是单独的进程，只有它知道抽中了谁、给谁打电话：谁控制它，谁就知道名单。编号就是专家库编号。其余消息发给地址本身，只在演示里显示；提醒不写项目和内容，登录后才能看。</p>
<table><tr><th>专家编号、号码或地址</th><th>方式</th><th>内容</th></tr><!-- lines --></table></html>"""
QUESTIONS: Mapping[str, Callable[[Notifier, Mapping[str, Any]], Any]] = {
    "list": Notifier.list, "name": Notifier.name, "drawn": Notifier.drawn, "groups": Notifier.groups,
    "fix": Notifier.fix, "strike": Notifier.strike, "whose": Notifier.whose, "open": Notifier.open,
    "release": Notifier.release, "send": Notifier.send, "post": Notifier.post,
}  # fmt: skip


class Door(BaseHTTPRequestHandler):
    """One connection of the site, or of somebody who looks at the demo's page."""

    protocol_version = "HTTP/1.1"
    wbufsize = -1  # head and body leave together
    disable_nagle_algorithm = True
    server: "Server"

    def do_POST(self) -> None:
        """A question."""
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length) if length <= LARGEST else b""
        said = self.headers.get("Authorization", "")
        # Two while it is changed, a line for each: nothing is refused between one side's change and the other's.
        tokens = self.server.notifier.token.split()
        if not sum(hmac.compare_digest(said.encode(), f"Bearer {each}".encode()) for each in tokens):
            self._say(401, {"why": "token"})
            return
        question = QUESTIONS.get(self.path.strip("/"))
        if question is None:
            self._say(404, {"why": "no such question"})
            return
        try:
            self._say(200, question(self.server.notifier, json.loads(body)))
        except No as no:
            self._say(no.status, {"why": no.why})
        except Unknown:
            self._say(404, {"why": "no such mask"})
        except (ValueError, KeyError, TypeError) as wrong:
            log.warning("%s: %s", self.path, type(wrong).__name__)
            self._say(400, {"why": "malformed"})

    def do_GET(self) -> None:
        """Whether it runs; in the demo, what was sent."""
        if self.path == "/healthz":
            self._say(200, {})
        elif self.path == "/" and self.server.notifier.show:
            self._answer(200, "text/html; charset=utf-8", self.server.notifier.page().encode())
        else:
            self._say(404, {})

    def _say(self, status: int, told: Any) -> None:
        self._answer(status, "application/json", json.dumps(told).encode())

    def _answer(self, status: int, kind: str, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Cache-Control", "no-store")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Nothing: who asked when would tell what this process exists to hide."""


class Server(ThreadingHTTPServer):
    """Listens for the site."""

    daemon_threads = True
    allow_reuse_address = True
    request_queue_size = 64

    def __init__(self, notifier: Notifier, *, host: str = "127.0.0.1", port: int = 0) -> None:
        super().__init__((host, port), Door)
        self.notifier = notifier

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://{self.server_address[0]!s}:{self.server_address[1]}"

    def start(self) -> "Server":
        """Answer in a thread of this process."""
        threading.Thread(target=self.serve_forever, args=(0.1,), name="notifier", daemon=True).start()
        return self
