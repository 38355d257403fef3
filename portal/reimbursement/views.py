"""The papers of a purchase, for its buyer."""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from documents import typesetting
from market.projects.rules import Stage
from market.purchases import queries as purchases
from market.purchases.models import Purchase
from portal.reimbursement import queries


@login_required
@require_safe
def papers(request: HttpRequest, number: str) -> HttpResponse:
    """All papers in one file; 404 for everybody but the buyer, and before publication."""
    project = purchases.own(number, request.actor).project
    if project.stage == Stage.DRAFT or project.buyer_id != request.actor.organisation:  # its own accounts, no agent's
        raise Purchase.DoesNotExist
    told = queries.papers(project, check=request.build_absolute_uri(project.get_absolute_url()))
    data = typesetting.pdf("portal/reimbursement/papers.typ", told, at=project.stage_at)
    answer = HttpResponse(data, content_type="application/pdf")
    answer["Content-Disposition"] = content_disposition_header(True, _("{number}-报销材料.pdf").format(number=number))
    return answer
