"""verify-draw: run a draw again from what was published."""

import argparse
from typing import Any

from proofs import transcript
from proofs.commands.answer import Answer, read_json
from proofs.commands.inputs import read_identities, reading
from proofs.draw import BadDraw, Void


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    parser = commands.add_parser("verify-draw", help="run a draw again from its published messages")
    parser.add_argument("draw", metavar="DRAW.json")
    parser.add_argument("--identities", metavar="FILE", help="trusted identity keys: check who signed every message")
    parser.set_defaults(run=verify_draw)


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


def _places(places: tuple[int, ...]) -> str:
    return "、".join(str(place) for place in places)
