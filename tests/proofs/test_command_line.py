"""The command line as other people's tools use it: names, exit codes, one JSON object."""

import contextlib
import io
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from proofs.__main__ import main

UNIT = {"tender": "T-2026-001", "lot": "1", "part": "sheet"}
HOLDERS = ("91530000000000001A", "91530000000000002B", "91530000000000003C")
BIDDER = "91530000000000009X"


class Bench:
    """A folder, and what `python -m proofs` does run in it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "pass").write_text("correct horse\n")
        (folder / "unit.json").write_text(json.dumps(UNIT))

    def run(self, *words: str, exits: int = 0) -> dict[str, Any]:
        said, wrong = io.StringIO(), io.StringIO()
        with contextlib.chdir(self.folder), contextlib.redirect_stdout(said), contextlib.redirect_stderr(wrong):
            try:
                code = main([*words, "--json"])
            except SystemExit as ended:
                code = ended.code
        assert code == exits, wrong.getvalue() + said.getvalue()
        return json.loads(said.getvalue()) if said.getvalue() else {}

    def key(self, name: str, org: str) -> None:
        self.run("keygen", "--org", org, "--out", f"{name}.key", "--passphrase-file", "pass")

    def put(self, name: str, value: Any) -> str:
        (self.folder / name).write_text(json.dumps(value))
        return name


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory) -> Bench:
    """Three holders with slot keys, their manifest, and a bidder's sealed sheet in slot 7."""
    made = Bench(tmp_path_factory.mktemp("bench"))
    members = []
    for at, org in enumerate(HOLDERS, start=1):
        made.key(f"h{at}", org)
        posted = made.run("slots", f"h{at}.key", "--unit", "unit.json", "--count", "16", "--passphrase-file", "pass")
        made.put(f"h{at}.json", posted)
        members += ["--member", f"{org}=h{at}.json"]
    made.run("manifest", "--unit", "unit.json", "--k", "2", *members, "--out", "kcm.json")
    made.key("bidder", BIDDER)
    (made.folder / "信.txt").write_text("投标函")
    made.put("index.json", {"sheet": {"price": "1000000.00", "delivery": "45 日", "small": False, "note": ""}})
    sealed = made.run(
        *("seal", "--manifest", "kcm.json", "--slot", "7", "--policy", "A", "--index", "index.json", "信.txt"),
        *("--out", "bid.sbe", "--keyfile", "bidder.key", "--passphrase-file", "pass"),
    )
    made.put("sub.json", sealed["sub"])
    return made


def releases(bench: Bench, *members: int) -> str:
    """RELEASES.json with B and the slot keys of these members."""
    b = bench.run("release", "bidder.key", "--bid", "bid.sbe", "--passphrase-file", "pass")["b"]
    keys = {}
    for i in members:
        words = ("release", f"h{i}.key", "--manifest", "kcm.json", "--slot", "7", "--member", str(i))
        keys[str(i)] = bench.run(*words, "--passphrase-file", "pass")["sk"]
    return bench.put("releases.json", {"b": b, "c": keys, "r": {}, "rescue": None})


def test_it_is_a_program_of_its_own_that_needs_no_settings(bench: Bench) -> None:
    words = [sys.executable, "-m", "proofs", "inspect", "bid.sbe", "--manifest", "kcm.json", "--json"]
    env = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": ""}
    done = subprocess.run(words, cwd=bench.folder, capture_output=True, text=True, env=env)

    assert done.returncode == 0 and json.loads(done.stdout) == bench.run(*words[3:-1])


def test_a_sealed_bid_opens_with_b_and_two_of_three_holders(bench: Bench, tmp_path: Path) -> None:
    answer = bench.run(
        *("open", "bid.sbe", "--manifest", "kcm.json", "--releases", releases(bench, 1, 3), "--out", str(tmp_path))
    )

    assert answer["verdict"] == "OK"
    assert answer["findings"] == ["unauthenticated"]
    assert answer["authenticated"] is False
    assert answer["sheet"]["price"] == "1000000.00"
    assert [file["name"] for file in answer["files"]] == ["信.txt"]
    assert (tmp_path / "信.txt").read_text() == "投标函"


def test_with_sub_and_identities_the_answer_is_authenticated(bench: Bench) -> None:
    key = bench.run("identity", "bidder.key", "--passphrase-file", "pass")["key"]
    bench.put("identities.json", {BIDDER: {"1": key}})
    words = ("open", "bid.sbe", "--manifest", "kcm.json", "--releases", releases(bench, 1, 2))

    answer = bench.run(*words, "--sub", "sub.json", "--identities", "identities.json")

    assert (answer["verdict"], answer["findings"], answer["authenticated"]) == ("OK", [], True)


def test_without_enough_holders_it_exits_with_one(bench: Bench) -> None:
    words = ("open", "bid.sbe", "--manifest", "kcm.json", "--releases", releases(bench, 2))

    assert bench.run(*words, exits=1)["verdict"] == "INSUFFICIENT"


def test_the_rescue_opens_it_without_any_holder(bench: Bench) -> None:
    b = bench.run("release", "bidder.key", "--bid", "bid.sbe", "--passphrase-file", "pass")["b"]
    rescue = bench.run("release", "bidder.key", "--bid", "bid.sbe", "--rescue", "--passphrase-file", "pass")["rescue"]
    path = bench.put("rescue.json", {"b": b, "c": {}, "r": {}, "rescue": rescue})

    assert bench.run("open", "bid.sbe", "--manifest", "kcm.json", "--releases", path)["verdict"] == "OK"


def test_a_manifest_other_than_the_pinned_one_gets_the_manifests_verdict(bench: Bench) -> None:
    words = ("open", "bid.sbe", "--manifest", "kcm.json", "--releases", releases(bench, 1, 2), "--cmh", "00" * 32)

    assert bench.run(*words, exits=1)["verdict"] == "INVALID:MANIFEST"


def test_inspect_says_what_is_valid_and_what_is_not(bench: Bench) -> None:
    valid = bench.run("inspect", "bid.sbe", "--manifest", "kcm.json")
    wrong = bench.run("inspect", "bid.sbe", "--manifest", "kcm.json", "--policy", "C", exits=1)

    assert valid["valid"] is True and valid["header"]["slot"] == 7
    assert wrong["problems"] == ["pol: A, the tender says C"]


def test_anothers_key_file_releases_nothing(bench: Bench) -> None:
    bench.run("release", "h1.key", "--bid", "bid.sbe", "--passphrase-file", "pass", exits=1)
    words = ("release", "h1.key", "--manifest", "kcm.json", "--slot", "7", "--member", "2")
    bench.run(*words, "--passphrase-file", "pass", exits=1)


def test_withdraw_signs_for_this_envelope(bench: Bench) -> None:
    said = bench.run("withdraw", "bid.sbe", "--keyfile", "bidder.key", "--seq", "2", "--passphrase-file", "pass")

    assert (said["v"], said["org"], said["seq"], said["unit"]) == ("wd/1", BIDDER, 2, UNIT)


def test_the_recovery_sheet_gives_the_same_key_back(bench: Bench) -> None:
    sheet = bench.run("sheet", "h1.key", "--passphrase-file", "pass")["sheet"]
    (bench.folder / "sheet.txt").write_text(sheet.lower())
    words = ("restore", "--org", HOLDERS[0], "--sheet", "sheet.txt", "--out", "again.key")

    again = bench.run(*words, "--passphrase-file", "pass")

    assert again["key"] == bench.run("identity", "h1.key", "--passphrase-file", "pass")["key"]


def test_sign_fills_in_who_and_when(bench: Bench) -> None:
    path = bench.put("present.json", {"v": "present/1", "unit": UNIT})

    said = bench.run("sign", "bidder.key", path, "--passphrase-file", "pass")

    assert (said["org"], said["gen"]) == (BIDDER, 1)


@pytest.mark.parametrize(
    "words",
    [
        ("open", "nothing.sbe", "--manifest", "kcm.json", "--releases", "index.json"),
        ("open", "bid.sbe", "--manifest", "kcm.json", "--releases", "index.json"),
        ("identity", "bidder.key", "--passphrase-file", "unit.json"),
        ("keygen", "--org", BIDDER, "--out", "bidder.key", "--passphrase-file", "pass"),
        ("seal", "--manifest", "unit.json"),
        ("nonsense",),
    ],
    ids=lambda words: " ".join(words[:1]),
)
def test_wrong_usage_and_unreadable_input_exit_with_two(bench: Bench, words: tuple[str, ...]) -> None:
    bench.run(*words, exits=2)
