"""Act of a provider: it goes by another name from now on. What was published of it keeps the name it had."""

from datetime import date, datetime, timedelta

from django.db import transaction

from accounts import services as accounts
from accounts.models import Organisation
from intermediaries.registry import queries, rules, services
from intermediaries.registry.models import FormerName, NameSuffix
from rulebook.actor import Actor
from rulebook.calendar import day_in_china
from rulebook.refusal import refuse_if


@transaction.atomic
def rename(*, code: str, name: str, since: date, document: str, by: Actor, at: datetime) -> FormerName:
    """Go by another name, at once. The credit code stays, and with it everything that counts for or against the firm.

    The former name stays on its page and is found by the search; notices, awards and contracts keep the name they were
    published with.  since: day of the registration, by its `document`.
    Refused for anyone but the firm's own people, for a name that is another's, and without its registration.
    Law: 市场主体登记管理条例 第24条.
    """
    row = services.hold_own(code=code, by=by)
    house = Organisation.objects.get(code=code)
    told = name.strip()
    taken = Organisation.objects.filter(name=told).exclude(code=code).exists()
    refuse_if(
        rules.why_not_rename(
            name=told, before=house.name, since=since, document=document, taken=taken, on=day_in_china(at)
        )
    )
    made = FormerName.objects.create(
        provider=row, name=house.name, until=since - timedelta(days=1), document=document.strip(), at=at
    )
    accounts.rename_organisation(code=code, name=told, by=by, at=at)
    known = {bytes(each) for each in NameSuffix.objects.filter(provider=row).values_list("suffix", flat=True)}
    NameSuffix.objects.bulk_create(
        NameSuffix(provider=row, suffix=suffix) for suffix in queries.suffixes(told) if suffix not in known
    )
    text = f"{made.name} → {told}（{since:%Y-%m-%d}，{made.document}）"
    services.tell_change(code=code, what="renamed", told=text, by=by, at=at)
    return made
