"""Get the schema of OCDS 1.1.5 out of the source packages that bring it: `python -m scripts.ocds_schema`.

The schema is in no wheel, but ocdskit and ocdsextensionregistry test themselves against it, and their source packages
are locked by the same hashes as everything else (requirements-dev.lock). They are fetched as packages are, unpacked in
a folder that is thrown away, and what is needed of them stays in .cache/ocds. From then on nothing asks the network.
"""

import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
LOCK = ROOT / "requirements-dev.lock"
FOLDER = ROOT / ".cache" / "ocds"
PACKAGES = ("ocdskit", "ocdsextensionregistry")
FIXTURES = "src/tests/fixtures"
PARTS = ("properties", "definitions")
# By the names of their repositories, as ocdskit marks with them what they add.
EXTENSIONS = ("ocds_bid_extension", "ocds_lots_extension", "ocds_enquiry_extension", "ocds_bidOpening_extension")


def main() -> None:
    """Fetch, cut out what is needed, keep it."""
    with tempfile.TemporaryDirectory(prefix="mb-ocds-") as folder:
        base, kit = (_unpacked(name, Path(folder)) for name in reversed(PACKAGES))
        made = Path(folder) / "made"
        made.mkdir()
        for name in ("release-schema.json", "versioned-release-validation-schema.json"):
            shutil.copy(base / name, made / name)
        shutil.copy(kit / "release-package-schema.json", made)
        record = json.loads((kit / "a" / "record-package-schema-dereferenced.json").read_text())
        _write(made / "record-package-schema.json", _referring(record))
        extended = json.loads((kit / "b" / "release-schema.json").read_text())
        patches = {name: patch_of(extended, name) for name in EXTENSIONS}
        schemas = [json.loads((made / "release-schema.json").read_text()), *patches.values()]
        known = {f"#/definitions/{name}" for each in schemas for name in each.get("definitions", {})}
        for name, patch in patches.items():
            _write(made / f"{name}.json", _led(patch, known))
        FOLDER.parent.mkdir(exist_ok=True)
        shutil.rmtree(FOLDER, ignore_errors=True)
        shutil.copytree(made, FOLDER)


def _unpacked(name: str, folder: Path) -> Path:
    """The tests' files of a package, out of its source."""
    lock = folder / f"{name}.lock"
    found = re.search(rf"(?m)^{name}==[^\n]*\\\n(?:    --hash=[^\n]*\n)+", LOCK.read_text())
    if found is None:
        raise SystemExit(f"{name} is not in {LOCK.name}")
    lock.write_text(found.group(0).rstrip().rstrip("\\") + "\n")
    cache = folder / f"cache-{name}"
    command = [str(Path(sys.executable).parent / "uv"), "pip", "install", "-q", "--python", sys.executable]
    command += ["--no-deps", "--no-binary", name, "--require-hashes", "-r", str(lock)]
    subprocess.run([*command, "--target", str(folder / f"out-{name}"), "--cache-dir", str(cache)], check=True)
    return next(cache.glob(f"sdists-*/pypi/{name}/*/*/{FIXTURES}"))


def _referring(package: Any) -> Any:
    """The package schema with the release schema named, not written out in it again and again."""
    told = package["properties"]["records"]["items"]["properties"]
    release = {"$ref": "https://standard.open-contracting.org/schema/1__1__5/release-schema.json"}
    told["compiledRelease"] = release
    told["releases"]["oneOf"][1]["items"] = release
    told.pop("versionedRelease", None)
    package["definitions"] = {"record": package["properties"]["records"]["items"]}
    package["properties"]["records"]["items"] = {"$ref": "#/definitions/record"}
    return package


def patch_of(schema: Any, extension: str) -> Any:
    """What an extension adds: everything of a schema with many of them that is marked as its own."""

    def own(value: Any) -> bool:
        return isinstance(value, dict) and f"/{extension}/" in str(value.get("extension", ""))

    def cut(value: Any) -> Any:
        if not isinstance(value, dict):
            return None
        told = {}
        for key, each in value.items():
            if own(each):
                told[key] = _plain(each, extension)
            elif (key in PARTS or (isinstance(each, dict) and "properties" in each)) and (inner := cut(each)):
                told[key] = inner
        return told or None

    return cut(schema) or {}


def _plain(value: Any, extension: str) -> Any:
    """The same without the marks, and without what others add to it."""
    if isinstance(value, dict):
        return {
            key: _plain(each, extension)
            for key, each in value.items()
            if key != "extension"
            and not (isinstance(each, dict) and "extension" in each and f"/{extension}/" not in str(each["extension"]))
        }
    return [_plain(each, extension) for each in value] if isinstance(value, list) else value


def _led(value: Any, known: set[str]) -> Any:
    """The same without fields that only a further extension, which we do not name, gives a meaning."""
    if isinstance(value, dict):
        return {
            key: _led(each, known)
            for key, each in value.items()
            if not (isinstance(each, dict) and each.get("$ref", "") not in known | {""})
        }
    return [_led(each, known) for each in value] if isinstance(value, list) else value


def _write(path: Path, value: Any) -> None:
    path.write_text(json.dumps(value, ensure_ascii=False, indent=1))


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
