"""The units of systemd start what `./mingbiao up` starts, and systemd understands all of them."""

import re
import shlex
import shutil
import subprocess
from pathlib import Path

import pytest

from config.env import ROOT
from config.up.parts import Part
from config.up.stack import BIN, Numbers, Stack

UNITS = ROOT / "docs" / "units"
COMMON = UNITS / "mingbiao-.service.d" / "all.conf"
RUN = Path("/run/mingbiao")
OURS = {"pages": "mingbiao-pages@", "sockets": "mingbiao-sockets@", "worker": "mingbiao-worker@",
        "beat": "mingbiao-beat", "sequencer": "mingbiao-sequencer@"}  # fmt: skip
ELSEWHERE = {"--schedule", "--hostname"}  # what is another on a machine of one's own


def directives(path: Path) -> dict[str, str]:
    """Name ↦ value, the last one said."""
    return dict(re.findall(r"^(\w+)=(.*)$", path.read_text(), re.M))


def parts() -> dict[str, Part]:
    numbers = Numbers(pages=1, sockets=1, workers=1, sequencers=1)
    stack = Stack(Path("/nowhere"), RUN, numbers, port=80, demo=False)
    return {part.kind: part for part in (*stack._sequencers(), *stack._servers())}


def said(words: list[str]) -> list[str]:
    return ["…" if before in ELSEWHERE else word for before, word in zip(["", *words], words, strict=False)]


@pytest.mark.parametrize("kind", ["pages", "sockets", "sequencer"])
def test_a_unit_starts_what_up_starts(kind: str) -> None:
    told = directives(UNITS / f"{OURS[kind]}.service")["ExecStart"].replace("%i", "1")
    words = shlex.split(told.replace("/srv/mingbiao/.venv/bin", str(BIN)))
    assert Path(words[0]).name.startswith("python") or words[0] == str(BIN / Path(words[0]).name)
    assert [Path(words[0]).name.rstrip(".0123456789"), *words[1:]] == [
        Path(parts()[kind].words[0]).name.rstrip(".0123456789"), *parts()[kind].words[1:]
    ]  # fmt: skip


def test_workers_and_beat_are_told_what_up_tells_them(tmp_path: Path) -> None:
    stack = Stack(tmp_path, RUN, Numbers(workers=1), port=80, demo=False)
    for part in stack._background():
        if part.kind in OURS:
            told = shlex.split(directives(UNITS / f"{OURS[part.kind]}.service")["ExecStart"])
            assert sorted(said(told[1:])) == sorted(said([*part.words[1:]])), part.kind


def test_every_unit_comes_back_holds_no_core_and_writes_only_where_it_must() -> None:
    told = directives(COMMON)
    assert told["Restart"] == "always" and told["StartLimitIntervalSec"] == "0" and told["LimitCORE"] == "0"
    assert (
        int(told["LimitNOFILE"]) >= 65_536 and told["ProtectSystem"] == "strict" and told["CapabilityBoundingSet"] == ""
    )
    assert told["NoNewPrivileges"] == told["PrivateTmp"] == told["ProtectProc"].replace("invisible", "yes") == "yes"
    page = (ROOT / "docs/operations.md").read_text()
    for path in (path for path in UNITS.iterdir() if path.is_file()):
        assert path.name in page, path.name
        # What is the same in all overrules the unit: what is another there stands in a file read later.
        assert not set(directives(path)) & set(told), path.name
    assert all(path.name > COMMON.name for path in UNITS.glob("*.d/*") if path != COMMON)
    assert directives(UNITS / "mingbiao-front.service.d" / "own.conf")["User"] == "root"


def test_systemd_understands_them(tmp_path: Path) -> None:
    """Every program it names is there for the test: of what is looked at only the words are ours."""
    if shutil.which("systemd-analyze") is None:
        return  # a machine without systemd has the tests above
    names = [path.name.replace("@.", "@1.") for path in UNITS.iterdir() if path.is_file()]
    for path in (path for path in UNITS.rglob("*") if path.is_file()):
        copy = tmp_path / path.relative_to(UNITS)
        copy.parent.mkdir(exist_ok=True)
        text = re.sub(r"/srv/mingbiao/\.venv/bin/\w+|/usr/sbin/nginx", "/bin/true", path.read_text())
        copy.write_text(text.replace("/srv/mingbiao", str(ROOT)))
    for name in names:
        if "@1." in name:
            (tmp_path / name).symlink_to(name.replace("@1.", "@."))
    done = subprocess.run(
        ["systemd-analyze", "verify", "--man=no", *(str(tmp_path / name) for name in names)],
        env={"SYSTEMD_UNIT_PATH": f"{tmp_path}:"}, capture_output=True, text=True,
    )  # fmt: skip
    assert not [line for line in done.stderr.splitlines() if "mingbiao" in line], done.stderr
