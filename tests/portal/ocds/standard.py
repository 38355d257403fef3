"""libcoveocds without the network: standard and extensions are answered out of .cache/ocds, all else is refused.

The validator asks for what a package names by `requests`. Its session gets a carrier that knows these few addresses.
"""

import io
import json
import subprocess
import sys
import tempfile
import zipfile
from typing import Any
from urllib.parse import urlsplit

from requests import PreparedRequest, Response
from requests.adapters import BaseAdapter, HTTPAdapter
from urllib3 import HTTPResponse

from scripts.ocds_schema import EXTENSIONS, FOLDER, ROOT

asked: list[str] = []


class Elsewhere(BaseAdapter):
    """Carries nothing out of the house. An extension is what .cache/ocds has of it; anything else is an error."""

    def send(self, request: PreparedRequest, **how: Any) -> Response:  # type: ignore[override]
        url = str(request.url)
        asked.append(url)
        name = next((name for name in EXTENSIONS if f"/{name}/" in urlsplit(url).path), None)
        if name is None:
            raise AssertionError(f"the network was asked for {url}")
        raw = HTTPResponse(io.BytesIO(_packed(name)), status=200, preload_content=False, request_url=url)
        return HTTPAdapter().build_response(request, raw)

    def close(self) -> None:
        pass


def _packed(name: str) -> bytes:
    """An extension as its host sends it."""
    about = {"name": {"en": name}, "description": {"en": name}, "schemas": ["release-schema.json"], "codelists": []}
    files = {"extension.json": json.dumps(about), "release-schema.json": (FOLDER / f"{name}.json").read_text()}
    return _zipped({f"{name}/": "", **{f"{name}/{path}": text for path, text in files.items()}})


def _zipped(files: dict[str, str]) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as made:
        for path, text in files.items():
            made.writestr(path, text)
    return packed.getvalue()


def standard() -> bytes:
    """The standard's schema as its host sends it; of its lists of codes those the schema spells out."""
    if not FOLDER.exists():
        subprocess.run([sys.executable, "-m", "scripts.ocds_schema"], cwd=ROOT, check=True)
    files = {path.name: path.read_text() for path in FOLDER.glob("*-schema.json")}
    lists = {f"codelists/{name}": "Code\n" + "\n".join(sorted(codes)) + "\n" for name, codes in _closed().items()}
    return _zipped({"standard/": "", **{f"standard/schema/{path}": text for path, text in (files | lists).items()}})


def _closed() -> dict[str, set[str]]:
    """The lists of codes that are closed, out of the schemas that spell them out."""
    found: dict[str, set[str]] = {}

    def look(value: Any) -> None:
        if isinstance(value, dict):
            codes = value.get("enum") or (value.get("items") or {}).get("enum") if "codelist" in value else None
            if codes:
                found.setdefault(value["codelist"], set()).update(code for code in codes if code)
        for each in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
            look(each)

    for path in FOLDER.glob("*.json"):
        look(json.loads(path.read_text()))
    return found


def validated(package: dict[str, Any]) -> dict[str, Any]:
    """What libcoveocds says of a package, every check of it included; who only counts tests need not read it."""
    import ocdsextensionregistry.util
    from libcoveocds.api import ocds_json_output
    from libcoveocds.config import LibCoveOCDSConfig

    session = ocdsextensionregistry.util.session
    for scheme in ("https://", "http://"):
        session.mount(scheme, Elsewhere())
    session.cache.clear()
    config = LibCoveOCDSConfig({"standard_zip": standard(), "context": "api", "additional_checks": "all"})
    with tempfile.TemporaryDirectory() as folder:  # it writes down the schema it has put together
        return ocds_json_output(folder, json_data=json.loads(json.dumps(package)), lib_cove_ocds_config=config)


def errors(package: dict[str, Any]) -> list[str]:
    """What is wrong with a package: by the schema, by further checks, or in no schema at all."""
    told = validated(package)
    found = [f"{each['path']}: {each['description']} ({each['value']})" for each in told["validation_errors"]]
    found += [f"no field of OCDS: {each['path']}/{each['field']}" for each in told["additional_fields"]]
    found += [f"deprecated: {each}" for each in told["deprecated_fields"]]
    found += [f"not in the closed list: {each}" for each in told.get("additional_closed_codelist_values", {}).values()]
    found += [told["json_deref_error"]] if told.get("json_deref_error") else []
    extensions = told["extensions"] or {}
    found += [f"extension: {each}" for each in extensions.get("invalid_extensions", [])]
    return found + [f"{name}: {each}" for name, each in told.get("additional_checks", {}).items() if each]
