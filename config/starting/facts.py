"""The facts a start is judged by, read from the settings, the data folder and the database."""

import os
import pkgutil
import stat
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from config import engine, timekeeper
from config.starting.rules import Facts
from market.projects.models import Project
from market.projects.procedures import PROCEDURES
from rulebook import clock


def gathered(kind: str) -> Facts:
    """Everything `why_not_start` wants to know about a process of this kind."""
    env, folder = settings.ENV, Path(settings.DATA)
    return Facts(
        kind=kind,
        production=settings.PRODUCTION,
        debug=settings.DEBUG,
        secret=len(env.secret),
        hosts=tuple(settings.ALLOWED_HOSTS),
        hosts_told="hosts" in env.model_fields_set,
        site=settings.SITE,
        expert_keys=bool(env.expert_keys),
        witnesses=len(settings.WITNESSES),
        quorum=settings.QUORUM,
        proxies=len(settings.TRUSTED_PROXIES),
        second_factor=settings.SECOND_FACTOR,
        notifier=settings.NOTIFIER,
        gateways=bool(settings.GATEWAYS),
        gateway_secret=len(settings.GATEWAY_SECRET),
        document_key=bool(settings.DOCUMENT_KEY),
        document_certificate=bool(settings.DOCUMENT_CERTIFICATE),
        breached=not settings.BREACHED or Path(settings.BREACHED).is_file(),
        metrics=settings.METRICS,
        otlp=settings.OTLP,
        engine=connection.vendor,
        standby=env.standby,
        redis=settings.REDIS_URL,
        origin=settings.LOG_ORIGIN,
        lines=_lines(),
        files=_of_files(),
        backup_key=bool(settings.BACKUP_KEY),
        ocid_prefix=settings.OCID_PREFIX,
        files_locked=not settings.S3["bucket"] or bool(settings.S3["lock"]),
        host=env.host,
        folder_ours=folder.stat().st_uid == os.getuid() if folder.exists() else True,
        folder_writable=os.access(folder if folder.exists() else folder.parent, os.W_OK),
        exposed=tuple(str(path) for path in key_files() if stat.S_IMODE(path.stat().st_mode) & 0o077),
        shared=tuple(str(path) for path in (folder, Path(settings.KEYS)) if path.is_dir() and is_shared(path)),
        demo=(folder / "demo.json").exists(),
        **_of_database(),
    )


def key_files() -> list[Path]:
    """Every file whose reader could sign, open or sign in as somebody else."""
    named = [settings.EXPERT_KEYS, settings.NOTIFIER_TOKEN, settings.DATA / "secret", settings.DATA / "demo.json"]
    named += [Path(settings.DOCUMENT_KEY or settings.KEYS / "documents.pem")]
    if settings.PRODUCTION and connection.vendor == "sqlite":
        named.append(Path(settings.DATABASES["default"]["NAME"]))  # who bids where, and whoever is signed in
    return [path for path in (*sorted(Path(settings.KEYS).glob("*.key")), *named) if path.is_file()]


def is_shared(folder: Path) -> bool:
    """Whether everybody may write there: who may put a file in its place needs to read no key."""
    return bool(folder.stat().st_mode & stat.S_IWOTH)


def _lines() -> dict[str, str]:
    """Variable → where secrets are sent to; what is signed or public may go as it likes."""
    told = {"MINGBIAO_NOTIFIER": settings.NOTIFIER, "MINGBIAO_MAIL": settings.MAIL, "REDIS_URL": settings.REDIS_URL}
    told |= {f"MINGBIAO_GATEWAYS ({way})": address for way, address in settings.GATEWAYS.items()}
    return told


def _of_files() -> dict[str, str]:
    """Variable → where files are sent to by us, and by browsers."""
    if not settings.S3["bucket"]:
        return {}
    told = {"MINGBIAO_S3_ENDPOINT": settings.S3["endpoint"]}
    if settings.S3_STRAIGHT:
        told["MINGBIAO_S3_PUBLIC"] = settings.S3["public"]
    return {name: str(address) for name, address in told.items()}


def _of_database() -> dict[str, Any]:
    try:
        unapplied = missing_migrations()
        found: dict[str, Any] = {"weak": engine.weaknesses(), "skew": timekeeper.skew(), "unapplied": unapplied}
        if not unapplied:  # else there may be no such tables yet
            found |= {"rights": engine.rights(), "copied": engine.waits_for_a_standby(), "in_clear": engine.in_clear()}
            mark = timekeeper.load()
            found["behind"] = max(timedelta(), mark - clock.system()) if mark else timedelta()
            found["rehearsed"] = settings.PRODUCTION and Project.objects.filter(edition__in=rehearsals()).exists()
    except DatabaseError:
        return {"answers": False}
    return found


def rehearsals() -> list[str]:
    """The editions in which nothing is bought."""
    return [row.edition.value for row in PROCEDURES.values() if not row.for_real]


def missing_migrations() -> tuple[str, ...]:
    """What lies in the code and is not in the database, by name; without loading any of it."""
    applied = MigrationRecorder(connection).applied_migrations()
    found = []
    for app in apps.get_app_configs():
        modules = pkgutil.iter_modules([str(Path(app.path) / "migrations")])
        found += [f"{app.label}.{name}" for _, name, _ in modules if (app.label, name) not in applied]
    return tuple(found)
