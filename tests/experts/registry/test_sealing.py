import os

import pytest

from accounts import sealing
from experts.registry import importing, staging, standing
from experts.registry.models import Dossier
from proofs import canonical
from rulebook.actor import SYSTEM
from rulebook.refusal import Refused
from tests import cast
from tests.make import registry as make


@pytest.fixture
def key_file(tmp_path, settings):
    settings.EXPERT_KEYS = tmp_path / "keys" / "experts.keys"
    return settings.EXPERT_KEYS


def write(path, *names):
    path.write_text("\n".join(f"{name} {canonical.b64u(bytes([n]) * 32)}" for n, name in names))
    path.chmod(0o600)
    os.utime(path, ns=(1, path.stat().st_mtime_ns + len(names)))


def test_what_is_sealed_opens_under_its_own_name_only(key_file):
    sealed = sealing.seal({"name": "苏布德"}, about="row-1")

    assert sealing.unseal(sealed, about="row-1") == {"name": "苏布德"}
    assert sealed != sealing.seal({"name": "苏布德"}, about="row-1")
    altered = sealed[:-2] + ("BA" if sealed.endswith("AA") else "AA")
    for other, about in ((sealed, "row-2"), (altered, "row-1"), (f"k9{sealed[2:]}", "row-1")):
        with pytest.raises(sealing.Unreadable):
            sealing.unseal(other, about=about)
    assert key_file.stat().st_mode & 0o777 == 0o600


def test_a_key_that_others_can_read_is_not_used(key_file):
    sealing.seal({}, about="x")
    key_file.chmod(0o640)
    with pytest.raises(sealing.Unsafe):
        sealing.seal({}, about="x")


@pytest.mark.django_db
def test_the_key_is_changed_without_losing_anybody(key_file):
    key_file.parent.mkdir()
    write(key_file, (1, "k1"))
    make.application()
    table = [list(importing.HEAD), make.line(7)]
    staged = staging.stage(table=table, by=cast.OPERATOR, at=cast.NOON)
    write(key_file, (2, "k2"), (1, "k1"))
    with pytest.raises(Refused, match="expert.known-already"):  # found by the older key's tag, too
        make.application(cast.EXPERTS[1])

    assert standing.reseal(by=SYSTEM, at=cast.NOON) == 2
    assert standing.reseal(by=SYSTEM, at=cast.NOON) == 0
    write(key_file, (2, "k2"))
    row = Dossier.objects.get()
    assert sealing.unseal(row.sealed, about=str(row.public_id))["name"] == "苏布德"
    staged.refresh_from_db()
    assert staging.cells(staged) == table
    with pytest.raises(Refused, match="expert.known-already"):
        make.application(cast.EXPERTS[1])
    with pytest.raises(Refused, match="expert.not-keeper"):
        standing.reseal(by=cast.OFFICER, at=cast.NOON)
