"""The platform's own cases in every state: a part of `scripts.stage`."""

from datetime import datetime

from blacklist.cases import appeals, process, services
from blacklist.cases.models import Case, Restriction
from blacklist.cases.process import Terms
from blacklist.cases.rules import Body, Kind
from rulebook.actor import Actor
from tests import cast
from tests.make import cases

Page = tuple[str, Actor, str]  # its name, who looks at it, its address
REMOVED = Terms(15, Kind.REMOVAL, 12)


def fill(now: datetime) -> None:
    """One that was only reported, one to be answered, one to be heard, one that binds, one appealed against."""
    ago = now - 20 * cast.DAY
    boss = {"body": Body.PERSON, "subject": "e" * 64, "name": "陈河", "party_org": cast.HETAO, "ground": "lending"}
    cases.noticed(at=now, **boss, terms=Terms(20))
    cases.case(at=now, subject=cast.WULIANG, ground="late")
    cases.noticed(at=now)
    heard = cases.noticed(at=now, subject=cast.LANGSHAN, ground="subcontracting", terms=REMOVED)
    services.ask_hearing(public_id=heard.public_id, by=cast.FOURTH, at=now)
    when = process.first_hearing(now) + 9 * cast.HOUR
    services.set_hearing(
        public_id=heard.public_id, when=when, place="三楼会议室", by=cast.SECOND_SUPERVISOR, at=now
    )  # fmt: skip
    cases.served(at=ago, subject=cast.YINSHAN, ground="price-raise", terms=Terms(10, Kind.SUSPENSION, 6))
    rows = cases.served(at=ago, subject=cast.WULIANG, ground="lending", terms=REMOVED)
    text = "证书为本公司所有，未曾出借"
    appeals.appeal(public_id=rows[0].case.public_id, text=text, by=cast.THIRD, at=now - 8 * cast.DAY)


def pages() -> list[Page]:
    """The lists, and a case in each state for whom it is different."""
    seen: list[Page] = [
        ("restrictions", cast.STRANGER, "/restrictions/"),
        ("cases", cast.SUPERVISOR, "/cases/"),
        ("cases", cast.PROVIDER, "/cases/"),
        ("case-report", cast.OFFICER, "/cases/report/"),
        ("case-report-person", cast.OFFICER, "/cases/report/person/"),
    ]
    of = {
        "reported": (cast.SUPERVISOR,),
        "noticed": (cast.PROVIDER, cast.SUPERVISOR),
        "hearing": (cast.FOURTH, cast.SECOND_SUPERVISOR),
        "served": (cast.RIVAL, cast.SUPERVISOR),
        "appealed": (cast.THIRD, cast.OPERATOR),
    }
    for state, viewers in of.items():
        row = Case.objects.filter(state=state).latest("id")
        seen += [(f"case-{state}", viewer, f"/cases/{row.public_id}/") for viewer in viewers]
    shown = Restriction.objects.filter(case__state="served", kind=Kind.SUSPENSION).latest("id")
    seen.append(("restriction", cast.STRANGER, f"/restrictions/{shown.public_id}/"))
    return [*seen, ("case-decision", cast.RIVAL, f"/cases/{Case.objects.get(state='served').public_id}/decision/")]
