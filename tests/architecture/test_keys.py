"""Every kind of key has a line in `docs/operations.md`, Keys, and every line a drill that is there."""

import re

from config.env import Env
from keeping.backups.services import KEY
from ledger import keys
from tests.architecture.source import ROOT, tracked

# Whatever the environment tells that signs, opens or signs in; by name, so that a new one is met here.
TELLS = re.compile(r"secret|key|token|certificate|database_url|replica_url|redis_url|^mail$|^sso$|timestamps|witnesses")
COLUMNS = ("key", "lies", "noticed by", "lost", "stolen", "changed", "ends", "drill")
# Where cryptography is used: formats in `proofs`, personal data, sign-in, papers. Anywhere else is thought over first.
KNOWN = {
    "accounts/factors/passkeys.py", "accounts/factors/totp.py", "accounts/sealing.py", "accounts/sso/oidc.py",
    "documents/signing.py",
}  # fmt: skip
USES = re.compile(r"^\s*(?:from|import) (?:cryptography|fido2|jwt|nacl|Crypto|pyhanko)\b", re.M)


def part() -> str:
    return (ROOT / "docs/operations.md").read_text().split("\n## Keys\n")[1].split("\n## ")[0]


def lines() -> list[list[str]]:
    table = next(each for each in part().split("\n\n") if each.startswith("| key |")).splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split(" | ")] for line in table]
    assert tuple(cell.strip() for cell in table[0].strip("|").split("|")) == COLUMNS
    return rows[2:]


def test_every_kind_of_key_has_its_line_and_every_line_its_drill():
    rows = lines()
    named = "\n".join(row[0] for row in rows)
    told = {field.validation_alias.choices[0] if field.validation_alias else f"MINGBIAO_{name.upper()}"
            for name, field in Env.model_fields.items() if TELLS.search(name)}  # fmt: skip

    missing = {name for name in told if f"`{name}`" not in part()}
    assert not missing
    for file in (*keys.EVERY, KEY):
        assert f"`keys/{file}.key`" in named
    assert "`keys/documents.pem`" in named and "`keys/experts.keys`" in named
    for row in rows:
        assert len(row) == len(COLUMNS) and all(row), row[0]
        assert re.search(r"`tests/[a-z_/]+\.py(::\w+)?`", row[-1]), row[0]


def test_cryptography_is_used_where_it_is_known_to_be():
    apart = ("tests", "bench", "rehearsal", "scripts", ".venv")
    paths = [path.relative_to(ROOT) for path in tracked("*.py")]
    served = {str(path): (ROOT / path).read_text() for path in paths if path.parts[0] not in apart}
    using = {path for path, text in served.items() if not path.startswith("proofs/") and USES.search(text)}

    assert using == KNOWN
    weak = re.compile(r"modes\.(ECB|CBC)|\bMD5\b|hashlib\.md5|PKCS1v15|\bDES\b|\bARC4\b|random\.random")
    assert not [path for path, text in served.items() if weak.search(text)]
