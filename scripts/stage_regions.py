"""What puts regions on the way of the pages: a province, two cities, a banner, an office posted and one that waits."""

from datetime import datetime

from accounts.models import User
from accounts.regions import services
from accounts.regions.rules import Act
from rulebook.actor import SYSTEM, Actor
from tests import cast

Page = tuple[str, Actor, str]
ROWS = (
    {"code": "15", "name": "内蒙古自治区", "name_en": "Inner Mongolia"},
    {"code": "1529", "name": "河套市", "name_mn": "Хэтао хот", "name_en": "Hetao", "body": cast.BUREAU,
     "phone": "0478-8200001"},
    {"code": "152921", "name": "河套左旗", "name_en": "Hetao Left Banner"},
    {"code": "1508", "name": "巴彦淖尔市", "name_en": "Bayannur"},
)  # fmt: skip


def fill(now: datetime) -> None:
    """Rows around this instant."""
    services.set_up(rows=ROWS, by=SYSTEM, at=now)
    witness = User.objects.get(public_id=cast.WITNESS.person).public_id
    posted = services.propose(act=Act.POST, person=witness, code="1529", by=cast.OPERATOR, at=now)
    services.confirm(public_id=posted.public_id, by=cast.SECURITY, at=now)
    services.propose(act=Act.POST, person=witness, code="152921", by=cast.OPERATOR, at=now)
    services.propose(act=Act.ENTER, code="1507", name="呼伦贝尔市", by=cast.SECURITY, at=now)


def pages() -> list[Page]:
    """The rooms, and the register as two of the three offices see it."""
    return [
        ("regions", cast.STRANGER, "/regions/"),
        ("region", cast.STRANGER, "/regions/152900/"),
        ("region-empty", cast.STRANGER, "/regions/150800/"),
        ("region-register", cast.OPERATOR, "/operations/regions/"),
        ("region-register", cast.AUDITOR, "/operations/regions/"),
    ]
