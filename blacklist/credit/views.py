"""Page: the rules of the score as they are reckoned with."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from blacklist.cases.process import REPAIR_IN
from blacklist.cases.rules import EDITION, GROUNDS, REPAIR, WEIGHTS
from blacklist.cases.words import SEVERITY_WORDS
from blacklist.credit import rules
from rulebook.house import own


@require_safe
def credit_rules(request: HttpRequest) -> HttpResponse:
    """Every number of the score: base, grades, what costs, what adds, how it fades."""
    grounds = [(row, WEIGHTS[row.severity]) for row in GROUNDS.values()]
    told = {
        "nav": "blacklist",
        "edition": rules.EDITION,
        "base": rules.BASE,
        "grades": rules.GRADES,
        "most": rules.MOST_GAINED,
        "merits": rules.MERITS.values(),
        "grounds": grounds,
        "weights": [(SEVERITY_WORDS[severity], row) for severity, row in WEIGHTS.items()],
        "repair_law": REPAIR,
        "repair_rule": own(45),
        "repair_in": REPAIR_IN,
        "catalogue": EDITION,
        "asked": rules.LEAST_ASKED,
        "lost": [(f"{share:.0%}", f"{part:.0%}") for share, part in rules.LOST_FADES],
        "gained": [(days, f"{part:.0%}") for days, part in rules.GAINED_FADES],
    }
    return render(request, "blacklist/credit/rules.html", told)


@require_safe
def as_json(request: HttpRequest) -> JsonResponse:
    """The same for programs: points and shares as decimal strings."""
    told = {
        "v": "credit-rules/1", "edition": rules.EDITION, "base": str(rules.BASE), "most_gained": str(rules.MOST_GAINED),
        "grades": [{"grade": row.name, "least": str(row.least), "tickets": row.tickets} for row in rules.GRADES],
        "gains": [{"kind": key.value, "words": _(row.words), "points": str(row.points), "most": str(row.most)}
                  for key, row in rules.MERITS.items()],
        "losses": [{"ground": key, "words": _(row.name), "points": row.points, "months": WEIGHTS[row.severity].longest}
                   for key, row in GROUNDS.items()],
        "repair": [{"severity": key.value, "after_months": row.repair_after, "months": row.longest, "shown": row.shown,
                    "law": str(row.law)} for key, row in WEIGHTS.items()],
        "repair_working_days": REPAIR_IN,
        "losses_fade": [[str(share), str(part)] for share, part in rules.LOST_FADES],
        "gains_fade": [[days, str(part)] for days, part in rules.GAINED_FADES],
    }  # fmt: skip
    return JsonResponse(told, json_dumps_params={"ensure_ascii": False})
