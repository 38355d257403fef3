"""Persons of the register as a case of the platform may be about them: legal representatives and practising staff."""

from django.db.models import Q, QuerySet

from blacklist.cases.people import Known
from intermediaries.registry.models import Certificate, Practitioner, Provider
from rulebook.actor import Actor

MOST = 20


def found(*, name: str, firm: str, certificate: str, by: Actor) -> list[Known]:
    """Who represents, or practises for, a firm under this name; or holds the certificate with this number."""
    told: list[Known] = []
    if name and firm:
        firms = Provider.objects.filter(Q(organisation_id=firm.upper()) | Q(organisation__name=firm))
        rows = firms.filter(legal_rep=name).exclude(legal_rep_tag="").select_related("organisation")
        told += [_representative(row) for row in rows[:MOST]]
        staff = _staff().filter(provider__in=firms, name=name)
        told += [_practitioner(row) for row in staff[:MOST]]
    if certificate:
        held = Certificate.objects.filter(number=certificate, person__left_on=None)
        people = _staff().filter(pk__in=held.values("person"))
        told += [each for each in map(_practitioner, people[:MOST]) if each not in told]
    return told


def known(ref: str, *, by: Actor) -> Known | None:
    """The person of a `ref` of this register."""
    kind, _, which = ref.partition("-")
    if kind == "rep":
        firm = Provider.objects.filter(organisation_id=which).exclude(legal_rep_tag="").select_related("organisation")
        return next(map(_representative, firm[:1]), None)
    if kind == "staff" and which.isascii() and which.isdigit() and len(which) < 19:
        return next(map(_practitioner, _staff().filter(pk=int(which))), None)
    return None


def _staff() -> QuerySet[Practitioner]:
    rows = Practitioner.objects.filter(left_on=None).select_related("provider__organisation")
    return rows.prefetch_related("certificates").order_by("pk")


def _representative(row: Provider) -> Known:
    firm = row.organisation
    return Known(f"rep-{firm.code}", row.legal_rep_tag, row.legal_rep, f"{firm.name} 法定代表人", org=firm.code)


def _practitioner(row: Practitioner) -> Known:
    firm = row.provider.organisation
    certificate = next((each.number for each in row.certificates.all() if each.struck_on is None), "")
    return Known(f"staff-{row.pk}", row.id_tag, row.name, f"{firm.name} 执业人员", certificate, org=firm.code)
