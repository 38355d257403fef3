"""The supervision at work: procurements under every light, alerts open and closed: a part of `scripts.stage`."""

from datetime import datetime, timedelta

from market.projects.rules import Stage
from rulebook.actor import SYSTEM, Actor
from supervision.monitors import services, tasks
from supervision.monitors.models import Alert
from supervision.monitors.rules import Light, Monitor
from supervision.monitors.services import raise_alert
from tests import cast
from tests.make import market
from tests.make.ledger import sequenced

Page = tuple[str, Actor, str]  # its name, who looks at it, its address
NUMBER = "M-2026-001"
OWNERS = {actor.person: actor for actor in cast.PEOPLE}


def fill(now: datetime) -> None:
    """What the record says is watched; an alert that turned red and one that is closed."""
    project = market.project(number=NUMBER, stage=Stage.FAILED, title="河套市空气质量监测站运维服务采购")
    sequenced(at=now)
    tasks.watch(by=SYSTEM, at=now)
    told = {"subject": project.log, "project": project, "monitor": Monitor.TIME, "law": "政府采购法 第46条"}
    for fact, light in (("1", Light.YELLOW), ("1", Light.RED), ("2", Light.YELLOW)):
        what = f"按期签订合同：{'已超过' if light is Light.RED else '即将到'}期限"
        raise_alert(kind="T09", fact=fact, what=what, light=light, at=now, **told)  # type: ignore[arg-type]
    closed = Alert.objects.get(subject=project.log, fact="2")
    services.close(
        alert=closed, finding="explained", text="双方已约定签约日期，未到期限", by=OWNERS[closed.owner],
        at=now + timedelta(minutes=1),
    )  # fmt: skip


def pages() -> list[Page]:
    """The wall, alerts, one open and one closed, the table of rules, a whole story for supervisors and for all."""
    row = Alert.objects.get(subject=f"project/{NUMBER}", fact="1")
    done = Alert.objects.get(subject=f"project/{NUMBER}", fact="2")
    return [
        ("wall", cast.SUPERVISOR, "/supervision/"),
        ("wall-red", cast.AUDITOR, "/supervision/?light=2"),
        ("alerts", cast.SUPERVISOR, "/supervision/alerts/"),
        ("alert-open", OWNERS[row.owner], f"/supervision/alerts/{row.public_id}/"),
        ("alert-closed", cast.SUPERVISOR, f"/supervision/alerts/{done.public_id}/"),
        ("monitor-rules", cast.SUPERVISOR, "/supervision/rules/"),
        *(("timeline", viewer, "/projects/P-2026-002/timeline/") for viewer in (cast.SUPERVISOR, cast.STRANGER)),
    ]
