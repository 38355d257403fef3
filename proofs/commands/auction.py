"""verify-auction: replay an auction from its public entries, every rule asked again."""

import argparse
from collections.abc import Iterable, Mapping
from typing import Any

from proofs.auction import Ladder, NoSuchAuction, replay
from proofs.commands.answer import Answer, read_json
from proofs.commands.inputs import reading
from proofs.site import Site


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add these commands to the command line."""
    parser = commands.add_parser("verify-auction", help="replay a live auction from its public entries")
    parser.add_argument("number", metavar="NUMBER", help="of the purchase")
    whence = parser.add_mutually_exclusive_group(required=True)
    whence.add_argument("--site", metavar="URL", help="fetch the entries there")
    whence.add_argument(
        "--entries", metavar="FILE", help="the entries as /api/streams/project/NUMBER/entries gives them"
    )
    parser.set_defaults(run=verify_auction)


def verify_auction(arguments: argparse.Namespace) -> Answer:
    """Every quote a step better and in time, ends as announced, aliases as committed to: or where it is not so."""
    entries: Iterable[Mapping[str, Any]]
    if arguments.site:
        entries = Site(arguments.site).entries(f"project/{arguments.number}")
    else:
        told = read_json(arguments.entries)
        entries = told["entries"] if isinstance(told, dict) and "entries" in told else told
    with reading(arguments.entries or arguments.site):
        try:
            ladder = replay(arguments.number, entries)
        except NoSuchAuction as wrong:
            return Answer(False, {"number": arguments.number, "why": str(wrong)}, (f"✗ {wrong}",))
    return Answer(True, _data(ladder), _lines(ladder))


def _data(ladder: Ladder) -> dict[str, Any]:
    return {
        "number": ladder.number,
        "quotes": ladder.state.number,
        "best": None if ladder.state.best is None else str(ladder.state.best),
        "extended": ladder.state.extended,
        "ended": ladder.ended,
        "names": {alias: list(name) for alias, name in ladder.names.items()},
    }


def _lines(ladder: Ladder) -> tuple[str, ...]:
    state = ladder.state
    lines = [f"✓ {state.number} 次报价，每次都比当时最低价低一个降价幅度，都在时间内到达，序号连续"]
    lines.append(f"✓ 结束时间与公布的延时规则相符，延时 {state.extended} 次")
    if not ladder.ended:
        return (*lines, "· 竞价尚未结束")
    for alias, price in ladder.last_quotes().items():
        org, name = ladder.names[alias]
        lines.append(f"  {alias} 号 {price} 元：{name}（{org}），与开始前的承诺相符")
    return tuple(lines)
