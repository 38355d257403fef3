"""What the stage has of acts that undo: a purchase bought again, one about to be ended, help for everybody."""

from datetime import datetime

from bidding.tender import again
from market.projects.again import Said
from market.projects.models import Again
from portal.help.pages import PAGES
from rulebook.actor import Actor
from tests import cast

FAILED = "T-2026-003"


def fill(now: datetime) -> None:
    """A second purchase of what failed, with what it says of the first."""
    made = again.begin_again(project_number=FAILED, by=cast.OFFICER, at=now)
    said = Said("报名期与行业展会重叠，两项资格条件过窄", "删去与履约无关的两项资格条件，延长公告时间")
    again.say_why(project_number=made.project.number, said=said, by=cast.OFFICER, at=now)


def pages() -> list[tuple[str, Actor, str]]:
    """Every page, for whom it is different."""
    second = Again.objects.get().project.number
    return [
        ("help", cast.STRANGER, "/help/"),
        *((f"help-{key}", cast.STRANGER, f"/help/{key}/") for key in PAGES),
        ("again", cast.OFFICER, f"/projects/{FAILED}/"),
        ("again-edit", cast.OFFICER, f"/projects/{second}/edit/"),
        ("end", cast.OFFICER, "/projects/T-2026-001/end/cancelled/"),
    ]
