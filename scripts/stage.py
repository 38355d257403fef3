"""Fill an empty house with what its pages need to be looked at, and write down which pages there are for whom.

For `scripts.shots` alone: people and purchases are the cast's of the tests, some of them put a day or two from now.
"""

from datetime import timedelta
from importlib import import_module

import django
from django.conf import settings

django.setup()

from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY  # noqa: E402

from rulebook import clock  # noqa: E402
from rulebook.actor import SYSTEM, Actor, Role  # noqa: E402
from tests import cast  # noqa: E402

# The makers' noon is put to tomorrow: what they make is then of these days.
NOW = clock.now()
cast.NOON = (NOW + timedelta(days=1)).replace(minute=0, second=0, microsecond=0)

from accounts import inbox  # noqa: E402
from market.history import services as history  # noqa: E402
from market.notices.rules import Type  # noqa: E402
from market.projects.rules import Stage  # noqa: E402
from tests.make import accounts, bidding_offers, blacklist, market  # noqa: E402
from tests.make.bidding import tender  # noqa: E402

PAGES: list[tuple[str, Actor, str]] = []


def page(name: str, path: str, *viewers: Actor) -> None:
    """A page to look at, for each of these viewers; for the public when none is named."""
    PAGES.extend((name, viewer, path) for viewer in viewers or (cast.STRANGER,))


def fill() -> None:
    """Rows for every page."""
    history.load(key="xinbaerhuyouqi-2021", by=SYSTEM, at=NOW)
    accounts.world()
    accounts.keys()
    blacklist.sanction(code=cast.LANGSHAN, name=cast.NAMES[cast.LANGSHAN])
    inbox.post(
        to_user=cast.PROVIDER.person,
        subject="您获取的招标文件有更正",
        body="“城区空气质量自动监测站设备采购”的截止时间未变，请查看更正内容。",
        link="/notices/",
        at=NOW,
    )
    inbox.post(to_role=Role.OFFICER, subject="采购文件待审批", body="请在公布前完成审批。", link="/desk/", at=NOW)
    inbox.deliver(at=NOW)
    shown = market.project(number="T-2026-001", published_at=NOW - timedelta(days=9))
    tender(number="T-2026-001", project=shown, closes_at=NOW + timedelta(days=12, hours=3))
    tender(number="T-2026-002", stage=Stage.DRAFT, project=drafted("T-2026-002", "学校供暖管网监测系统采购"))
    words = {"reasons": [{"text": "投标人不足三家", "law": "政府采购法 第36条"}]}
    ended = market.project(number="T-2026-003", title="旗医院医用气体系统采购", stage=Stage.FAILED)
    tender(project=ended)
    market.notice(ended, type=Type.FAILURE, content=words)
    awarded = market.project(number="T-2026-004", title="河道水质自动监测设备采购", stage=Stage.AWARDED)
    market.notice(awarded)
    market.notice(awarded, type=Type.AWARD)
    earlier = NOW - timedelta(minutes=3)
    for number, title, play in (
        ("T-2026-005", "苏木卫生院医疗设备采购", bidding_offers.open_hall),
        ("T-2026-006", "旗第一小学供暖锅炉节能改造设备采购", bidding_offers.read_out_tender),
    ):
        shown = market.project(number=number, title=title, published_at=NOW - timedelta(days=21))
        play(3, number=number, project=shown, closes_at=earlier, window=1800)


def drafted(number: str, title: str):
    """A draft that waits for the approval of a second person."""
    at = NOW + timedelta(days=2)
    return market.project(number=number, title=title, stage=Stage.DRAFT, publish_at=at, submitted_at=NOW)


def list_pages() -> None:
    """Every page, for whom it is different."""
    for name, path in {
        "home": "/", "notices": "/notices/", "notices-none": "/notices/?type=contract", "statistics": "/statistics/",
        "verify": "/verify/", "blacklist": "/blacklist/", "login": "/accounts/login/", "missing": "/nowhere/",
        "project": "/projects/T-2026-001/", "print": "/projects/T-2026-001/notice/print/",
        "log": "/projects/T-2026-006/log/", "failed": "/projects/T-2026-003/", "award": "/projects/T-2026-004/award/",
        "hall-before": "/projects/T-2026-001/hall/", "hall": "/projects/T-2026-005/hall/",
        "hall-read": "/projects/T-2026-006/hall/",
    }.items():  # fmt: skip
        page(name, path)
    page("desk", "/desk/", cast.OFFICER, cast.APPROVER, cast.PROVIDER, cast.EXPERT, cast.SUPERVISOR, cast.WITNESS,
         cast.HOLDER, cast.AUDITOR)  # fmt: skip
    page("inbox", "/inbox/", cast.PROVIDER, cast.WITNESS)
    page("keys", "/keys/", cast.PROVIDER)
    page("ban", "/blacklist/new/", cast.SUPERVISOR, cast.OFFICER)
    page("new", "/projects/new/", cast.OFFICER)
    page("edit", "/projects/T-2026-002/edit/", cast.OFFICER)
    page("draft", "/projects/T-2026-002/", cast.OFFICER, cast.APPROVER)
    page("bid", "/projects/T-2026-001/bid/", cast.PROVIDER)
    page("project", "/projects/T-2026-001/", cast.PROVIDER, cast.OFFICER)
    page("hall", "/projects/T-2026-005/hall/", cast.PROVIDER, cast.OFFICER, cast.SUPERVISOR)
    page("hall-read", "/projects/T-2026-006/hall/", cast.PROVIDER, cast.OFFICER, cast.WITNESS)
    page("panel", "/projects/T-2026-006/panel/", cast.OFFICER)
    page("evaluation", "/projects/T-2026-006/evaluation/", cast.OFFICER)
    page("invitations", "/experts/invitations/", cast.EXPERT)


def session_of(actor: Actor) -> str:
    """A session in which this actor is signed in; empty for the public."""
    if not actor.person:
        return ""
    user = accounts.user(actor)
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.save()
    return session.session_key


if __name__ == "__main__":
    fill()
    list_pages()
    sessions = {viewer: session_of(viewer) for viewer in {viewer for _, viewer, _ in PAGES}}
    lines = [
        "\t".join((name, accounts.username_of(viewer) if viewer.person else "public", sessions[viewer], path))
        for name, viewer, path in PAGES
    ]
    (settings.DATA / "pages.tsv").write_text("\n".join(lines))
