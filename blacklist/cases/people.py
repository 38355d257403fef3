"""A person a case may be about: looked up in the registers that know people, by what papers say of him.

Which registers those are is wired in the settings, for nothing down here knows them. What is kept of a person is the
keyed hash his register knows him by; an identity number is neither asked for nor kept.
"""

from dataclasses import dataclass

from django.conf import settings
from django.utils.module_loading import import_string

from rulebook.actor import Actor


@dataclass(frozen=True, slots=True)
class Known:
    """A person of a register.

    ref: names him to his register again, and tells nothing.  tag: the keyed hash gates ask about.  place: where he is
    known, and as what.  certificate: its number, or "".  org, account: who answers for him, a firm or he himself.
    """

    ref: str
    tag: str
    name: str
    place: str
    certificate: str = ""
    org: str = ""
    account: str = ""


def found(*, name: str, firm: str, certificate: str, by: Actor) -> list[Known]:
    """Whom papers may mean: a name together with its firm's name or code, or the number of a certificate."""
    told = {"name": name.strip(), "firm": firm.strip(), "certificate": certificate.strip(), "by": by}
    return [each for where in settings.PERSON_REGISTERS for each in import_string(f"{where}.found")(**told)]


def known(ref: str, *, by: Actor) -> Known | None:
    """The person of a `ref`, as he is known now; None where there is none, or not for this viewer."""
    for where in settings.PERSON_REGISTERS:
        told: Known | None = import_string(f"{where}.known")(ref, by=by)
        if told is not None:
            return told
    return None
