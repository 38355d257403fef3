"""What hangs on one person of a house: read before a hand-over, and by its act."""

from dataclasses import dataclass

from accounts.models import User
from people.colleagues.models import Administrator, Invitation
from people.custody.models import Custodian
from people.powers.models import Power


@dataclass(frozen=True)
class Hangs:
    """powers: numbers of projects, empty for all.  invitations: names of who is still expected."""

    powers: tuple[str, ...]
    invitations: tuple[str, ...]
    administers: bool
    keeps: bool


def hangs_on(user: User) -> Hangs:
    """What a hand-over passes on of this person's, beside his messages."""
    invited = Invitation.objects.filter(by_user=user, used_at=None, revoked_at=None)
    return Hangs(
        tuple(Power.objects.filter(user=user).order_by("project_number").values_list("project_number", flat=True)),
        tuple(invited.order_by("sent_at").values_list("name", flat=True)),
        Administrator.objects.filter(user=user).exists(),
        Custodian.objects.filter(user=user, ended_at=None).exists(),
    )
