"""What the drill does inside a house, each part a process: `python -m tests.keeping.drill grow|restore|…`."""

import io
import os
import sys
from hashlib import sha256
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")


def grow(folder: str) -> None:
    """People, an entry, a file, all witnessed; a backup of data and keys; then more that the backup does not have."""
    from django.core.management import call_command

    from documents.evidence import services as evidence
    from ledger.services import publish_blob
    from tests.make import ledger as make
    from tests.make.accounts import user

    bucket()
    for who in (cast.OPERATOR, cast.AUDITOR):
        user(who, password=WORD)
    publish_blob(b"a public object")
    evidence.keep(about="case:1", name="a.pdf", blob=b"%PDF-1.4 secret %%EOF", by=cast.OPERATOR, at=cast.NOON)
    told("before the backup")
    call_command("backup", f"{folder}/backup")
    call_command("backup", f"{folder}/backup")  # again: nothing of the kept files is sealed anew
    call_command("backup", f"{folder}/keys", "--keys")
    make.entry("after the backup")
    told("and more")


def bucket() -> None:
    """The bucket, where this house has one."""
    from django.conf import settings
    from django.core.management import call_command

    if settings.S3["bucket"]:
        call_command("storage", "prepare", "--origin", "https://ggzy.example.cn")


def told(text: str) -> None:
    from ledger import witnesses
    from tests.make import ledger as make

    make.entry(text)
    make.sequenced()
    for witness in witnesses.configured():
        for log in ("sealed", "public"):
            assert witnesses.ask(witness, log, at=cast.NOON) or log == "sealed"


def restore(folder: str) -> None:
    """The keys, then the data, into an empty place."""
    bucket()
    put_back(folder, f"{folder}/backup")
    tried(f"{folder}/backup", folder)


def put_back(folder: str, backup: str, *more: str) -> None:
    from django.core.management import call_command

    (kept,) = Path(folder, "keys", "keys").iterdir()
    call_command("restore", str(kept), "--keys", *key(folder))
    tried(backup, folder, *more)


def tried(backup: str, folder: str, *more: str) -> None:
    """What it says where it refuses."""
    from django.core.management import CommandError, call_command

    try:
        call_command("restore", backup, *key(folder), *more)
    except CommandError as refused:
        print(refused)  # noqa: T201


def key(folder: str) -> tuple[str, ...]:
    return "--key", f"{folder}/operator.key", "--passphrase-file", f"{folder}/pass"


def outlived(folder: str) -> None:
    """Its bucket is there and the database is not; a file of it is another, then lost."""
    from keeping.backups import files
    from ledger.storage import store

    lost = next(name for name in files.listed() if name.startswith("evidence/"))
    put_back(folder, f"{folder}/backup")
    store().forget(lost)
    files.put(lost, io.BytesIO(b"another"), sha256=sha256(b"another").hexdigest(), size=7)
    tried(f"{folder}/backup", folder, "--files-there")
    store().forget(lost)
    tried(f"{folder}/backup", folder, "--files-there")
    print("restored again:", files.opened(lost).read().decode())  # noqa: T201


def recover(folder: str) -> None:
    """Two persons at one machine."""
    from django.core.management import call_command

    from tests.make.accounts import username_of

    sys.stdin = io.StringIO(f"{WORD}\n{WORD}\n")
    call_command(
        "recover", "--operator", username_of(cast.OPERATOR), "--auditor", username_of(cast.AUDITOR),
        "--lost", "备份之后的两条记录",
        "--to", f"{folder}/recovery.json", "--stdin",
    )  # fmt: skip


def again(folder: str) -> None:
    """It starts, what was declared is witnessed, and the whole ledger holds."""
    from django.core.management import call_command

    from ledger import golive, queries, sequencer, witnesses
    from ledger.models import Entry
    from rulebook import clock

    golive.check(signs=True)
    sequencer.turn(at=clock.now())
    (witness,) = witnesses.configured()
    for log in ("sealed", "public"):
        witnesses.ask(witness, log, at=clock.now())
    if queries.covered(Entry.objects.get(stream=queries.RECOVERY)):
        print(f"witnessed by {witness.key.name}")  # noqa: T201
    call_command("fsck_ledger")


if __name__ == "__main__":
    django.setup()
    from tests import cast

    WORD = "correct horse battery staple"
    {"grow": grow, "restore": restore, "outlived": outlived, "recover": recover, "again": again}[sys.argv[1]](
        sys.argv[2]
    )
