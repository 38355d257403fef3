"""The secrets: for each two worlds that differ in it alone, made by the same acts at the same instants.

A ground is what both worlds stand on, with all its chance. From there each goes its own way (`world`: 0 or 1) and stops
at its moments. Who takes part in what differs, or may know it by law, is not asked: he knows.
"""

from tests.hardening.secrecy import judging, offering
from tests.hardening.secrecy.moments import Ground

GROUNDS: dict[str, Ground] = {
    "tender": Ground(offering.tender, {"bidders": offering.bidders, "number": offering.number}),
    "asking": Ground(offering.asking, {"asker": offering.asker}),
    "lots": Ground(offering.lots, {"entrants": offering.entrants}),
    "quotes": Ground(offering.quotes, {"offers": offering.offers}),
    "auction": Ground(offering.auction, {"aliases": offering.aliases}),
    "talks": Ground(offering.talks, {"responses": offering.responses}),
    "panel": Ground(judging.called, {"panel": judging.panel}),
    "scoring": Ground(judging.scoring, {"scores": judging.scores, "pace": judging.pace}),
    "cases": Ground(judging.nothing, {"subject": judging.subject}),
    "grievance": Ground(judging.grievance, {"complainant": judging.complainant}),
    "tips": Ground(judging.receiving, {"tipster": judging.tipster, "tipping": judging.tipping}),
    "rating": Ground(judging.rated, {"rating": judging.rating}),
}
