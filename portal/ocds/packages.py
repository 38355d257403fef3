"""Packages: releases or records with who publishes them, under which terms."""

from datetime import datetime

from django.conf import settings

from portal.ocds.rules import EXTENSIONS, VERSION, Json, exactly

LICENSE = "https://creativecommons.org/publicdomain/zero/1.0/"


def _head(path: str, *, published: str) -> Json:
    return {
        "uri": f"{settings.SITE}{path}",
        "version": VERSION,
        "extensions": list(EXTENSIONS),
        "publishedDate": published,
        "publisher": {"name": settings.LOG_ORIGIN, "uri": settings.SITE},
        "license": LICENSE,
        "publicationPolicy": f"{settings.SITE}/ocds/",
    }


def of_releases(path: str, releases: list[Json], *, at: datetime) -> Json:
    """A package of releases. It is dated by its newest, so that the same package is the same bytes."""
    published = max((each["date"] for each in releases), default=exactly(at))
    return {**_head(path, published=published), "releases": releases}


def of_record(path: str, record: Json) -> Json:
    """A package of one record."""
    return {**_head(path, published=record["compiledRelease"]["date"]), "records": [record]}
