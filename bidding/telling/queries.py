"""Whom a purchase concerns. Read by a tick alone: nobody may learn who they are, or how many."""

from bidding.submission.models import Bid
from bidding.tender.models import Taking
from market.notices.models import Notice
from market.projects import queries as projects
from market.projects.models import Project
from market.selection.models import Enrolment
from rulebook.actor import STRANGER


def concerned(project: Project) -> list[str]:
    """Who took the documents, enrolled or handed in, whether or not it was taken back; in no order that tells when."""
    taken = Taking.objects.filter(tender__project=project).values_list("organisation", flat=True)
    handed_in = Bid.objects.filter(tender__project=project).values_list("organisation", flat=True)
    enrolled = Enrolment.objects.filter(project=project).values_list("organisation", flat=True)
    return sorted({*taken, *handed_in, *enrolled})


def concerned_before(notice: Notice) -> list[str]:
    """Whom the failed purchase concerned that this notice announces again."""
    told = notice.content["again"]
    number = told if isinstance(told, str) else told["project"]  # the supermarket names the number alone
    return concerned(projects.visible(number, viewer=STRANGER))
