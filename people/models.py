"""Tables of the people app."""

from people.colleagues.models import Administrator, Invitation, Step
from people.custody.models import Custodian, Drill
from people.entering.models import Agreement, Applicant
from people.powers.models import OnlyAuthorised, Power

__all__ = [
    "Administrator", "Agreement", "Applicant", "Custodian", "Drill", "Invitation", "OnlyAuthorised", "Power", "Step",
]  # fmt: skip
