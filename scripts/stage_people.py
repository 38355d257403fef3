"""Houses that come in and their people: a part of `scripts.stage`."""

import hashlib
from datetime import datetime, timedelta

from accounts.models import SignUp, User
from people.colleagues import services as colleagues
from people.colleagues.models import Invitation
from people.custody import services as custody
from people.entering.models import Applicant
from people.powers import services as powers
from rulebook.actor import STRANGER, SYSTEM, Actor
from tests import cast
from tests.make import accounts

Page = tuple[str, Actor, str]  # its name, who looks at it, its address
FIRM = "91150702MA0ND9T13F"
WORD = "a-link-for-the-pictures"


def fill(now: datetime) -> None:
    """A firm with an administrator, a colleague, somebody expected and somebody blocked; houses at the door."""
    for head in (cast.PROVIDER, cast.SECURITY):
        colleagues.appoint_first(person=head.person, by=SYSTEM, at=now)
    for n, name in enumerate(("萨仁", "苏日娜", "白音"), 1):
        told = {"role": "provider", "name": name, "phone": "", "administers": False}
        _, token = colleagues.invite(**told, by=cast.PROVIDER, at=now)
        if n < 3:
            colleagues.accept(token=token, password="xiang-ban-yi-jian-shi", by=STRANGER, at=now)  # noqa: S106
    accounts.next_key(cast.HETAO, 2)
    first, second = User.objects.filter(organisation_id=cast.HETAO, username__startswith=cast.HETAO).order_by("pk")
    colleagues.block(person=second.public_id, by=cast.PROVIDER, at=now)
    powers.give(person=first.public_id, number="T-2026-001", by=cast.PROVIDER, at=now)
    for person in (first.public_id, cast.PROVIDER.person):
        custody.name(person=person, by=cast.PROVIDER, at=now)
    for word, until in ((WORD, now + timedelta(days=7)), (WORD * 2, now)):
        Invitation.objects.create(
            organisation_id=cast.YINSHAN, by_user=User.objects.get(public_id=cast.RIVAL.person), role="provider",
            name="其木格", token_sha256=hashlib.sha256(word.encode()).hexdigest(), sent_at=now, expires_at=until,
        )  # fmt: skip
    facts = {"code": FIRM, "firm": "克鲁伦牧业有限公司", "name": "巴特尔", "phone": "13904700001", "promise": "0" * 64}
    for state, kind in (("known", "provider"), ("waiting", "buyer"), ("objected", "provider"), ("refused", "agent")):
        text = "本公司法定代表人，从未办理登记，请核实。" if state == "objected" else ""
        Applicant.objects.create(state=state, kind=kind, text=text, came_at=now, **facts)
    for kind in ("provider", "buyer"):
        SignUp.objects.create(
            kind=kind, phone="13904700001", facts={"firm": "某单位", "name": "巴特尔", "code": FIRM}, source="0",
            begun_at=now, expires_at=now + timedelta(days=1),
        )  # fmt: skip


def pages() -> list[Page]:
    """Each page for whom it is different."""
    colleague = User.objects.filter(username__startswith=cast.HETAO).order_by("pk")[0]
    own = f"/people/{colleague.public_id}/"
    seen: list[Page] = [
        ("house-choose", cast.STRANGER, "/enter/"),
        ("house-enter", cast.STRANGER, "/enter/buyer/"),
        ("house-agreement", cast.STRANGER, "/agreement/"),
        ("house-invitation", cast.STRANGER, f"/invitations/{WORD}/"),
        ("house-invitation-over", cast.STRANGER, f"/invitations/{WORD * 2}/"),
        ("house-people", cast.PROVIDER, "/people/"),
        ("house-people", cast.THIRD, "/people/"),
        ("house-people", cast.SECURITY, "/people/"),
        ("house-colleague", cast.PROVIDER, own),
        ("house-hand-over", cast.PROVIDER, f"{own}hand-over/"),
        ("house-history", cast.PROVIDER, "/people/history/"),
        ("house-custody", cast.PROVIDER, "/people/custody/"),
        ("house-custody", cast.OFFICER, "/people/custody/"),
        ("house-revoke", cast.PROVIDER, "/people/custody/revoke/"),
        ("house-revoke", cast.OFFICER, "/people/custody/revoke/"),
        ("house-first", cast.SECURITY, f"/people/first/?code={cast.YINSHAN}"),
        ("house-entries", cast.OPERATOR, "/entries/"),
        ("house-entries", cast.SECURITY, "/entries/"),
        ("house-desk", cast.SECURITY, "/desk/"),
    ]
    keeper = {"waiting": cast.OPERATOR, "objected": cast.SECURITY}
    for row in Applicant.objects.order_by("pk"):
        here = f"/entries/{row.public_id}/"
        seen.append((f"house-entry-{row.state}", cast.STRANGER, here))
        if row.state in keeper:
            seen.append((f"house-keeper-{row.state}", keeper[row.state], here))
    for row in SignUp.objects.filter(kind__in=("provider", "buyer"), user=None).order_by("pk"):
        seen.append((f"house-confirm-{row.kind}", cast.STRANGER, f"/enter/confirm/{row.public_id}/"))
    return seen
