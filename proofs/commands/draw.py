"""verify-draw, verify-entrants: run a draw again, and check who had enrolled, from what was published."""

import argparse
from typing import Any

from proofs import checkpoint, entrants, note, transcript
from proofs.commands.answer import Answer, read_json
from proofs.commands.inputs import read_identities, reading
from proofs.draw import BadDraw, Void


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    parser = commands.add_parser("verify-draw", help="run a draw again from its published messages")
    parser.add_argument("draw", metavar="DRAW.json")
    parser.add_argument("--identities", metavar="FILE", help="trusted identity keys: check who signed every message")
    parser.set_defaults(run=verify_draw)
    parser = commands.add_parser("verify-entrants", help="check the list of who had enrolled at a deadline")
    parser.add_argument("entrants", metavar="ENTRANTS.json")
    parser.add_argument("--vkey", metavar="VKEY", help="the sealed log's key, as you know it")
    parser.set_defaults(run=verify_entrants)


def verify_draw(arguments: argparse.Namespace) -> Answer:
    """The seed and the result, or why there is none. Without trusted keys the arithmetic alone is checked."""
    value = read_json(arguments.draw)
    with reading(arguments.draw):
        told = transcript.read(value)
    data: dict[str, Any] = {"authenticated": False, "sid": told.spec.sid.hex()}
    if arguments.identities:
        if wrong := transcript.why_not_authentic(told, read_identities(arguments.identities)):
            return Answer(False, {**data, "why": list(wrong)}, tuple(f"✗ {each}" for each in wrong))
        data["authenticated"] = True
    try:
        outcome = transcript.rerun(told)
    except Void as void:
        holds = told.result is None
        return Answer(holds, {**data, "seed": None, "result": None, "void": str(void)}, (f"作废：{void}",))
    except BadDraw as wrong:
        return Answer(False, {**data, "why": [str(wrong)]}, (f"✗ {wrong}",))
    data |= {"seed": outcome.seed.hex(), "result": outcome.result, "fixed": list(outcome.fixed)}
    data |= {"counted": list(outcome.counted), "recovered": list(outcome.recovered)}
    lines = [f"✓ 种子 {outcome.seed.hex()}", f"  计入 {_places(outcome.counted)}"]
    if outcome.recovered:
        lines.append(f"  由他人份额恢复 {_places(outcome.recovered)}")
    for part in outcome.result:
        lines.append(f"  {part['key']}：中选 {' '.join(part['chosen'])}；候补 {' '.join(part['standby'])}")
    lines.append("✓ 各方签名有效" if data["authenticated"] else "· unauthenticated：未给出可信公钥，仅核对了计算")
    return Answer(True, data, tuple(lines))


def verify_entrants(arguments: argparse.Namespace) -> Answer:
    """Whether the list is the one of the closing, and every row of it was in the sealed log by then.

    Without the log's key its checkpoint is taken as it is said to be.
    """
    told = read_json(arguments.entrants)
    wrong = list(entrants.why_not_entrants(told))
    authenticated = False
    if arguments.vkey and not wrong:
        with reading(arguments.entrants):
            point = checkpoint.opened(told["note"], note.parse_vkey(arguments.vkey))
        if (point.size, point.root.hex()) != (told["sealed_log"]["size"], told["sealed_log"]["root"]):
            wrong.append("the checkpoint is not the one the list names")
        authenticated = not wrong
    count = len(told["live"]) if not wrong else 0
    data = {"authenticated": authenticated, "count": count, "why": wrong}
    if wrong:
        return Answer(False, data, tuple(f"✗ {each}" for each in wrong))
    lines = [f"✓ {told['number']}：截止时报名 {count} 家，与截止时的承诺一致，每家都在封存日志中"]
    lines += [f"  {row['org']} {row['name']}" for row in told["live"]]
    lines.append("✓ 封存日志的签名有效" if authenticated else "· unauthenticated：未给出封存日志的公钥，仅核对了计算")
    return Answer(True, data, tuple(lines))


def _places(places: tuple[int, ...]) -> str:
    return "、".join(str(place) for place in places)
