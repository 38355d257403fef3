"""The browser's own curves: the answers of the RFCs, and WebCrypto's where it has them; the known tip; a code."""

import json
from pathlib import Path

import pytest
from playwright.sync_api import Page
from qrcode.constants import ERROR_CORRECT_M
from qrcode.main import QRCode
from qrcode.util import MODE_ALPHA_NUM, QRData

VECTORS = Path(__file__).parents[1] / "vectors"
CURVES, TIP1 = (json.loads((VECTORS / f"{name}.json").read_text()) for name in ("curves", "tip1"))
X25519 = [tuple(case.values()) for case in CURVES["x25519"]]
ED25519 = [tuple(case.values()) for case in CURVES["ed25519"]]


@pytest.mark.parametrize(("scalar", "point", "out"), X25519)
def test_x25519_gives_the_answers_of_the_rfc(page: Page, scalar: str, point: str, out: str) -> None:
    told = page.evaluate(
        """async ([k, u]) => [p.bytes.hex(await p.x25519.agree(p.bytes.unhex(k), p.bytes.unhex(u))),
             p.bytes.hex(await p.x25519.agree(p.bytes.unhex(k), p.bytes.unhex(u), {fallback: true}))]""",
        [scalar, point],
    )
    assert told == [out, out]


@pytest.mark.parametrize(("seed", "key", "message", "signature"), ED25519)
def test_ed25519_gives_the_answers_of_the_rfc(page: Page, seed: str, key: str, message: str, signature: str) -> None:
    told = page.evaluate(
        """async ([seed, message]) => Promise.all([{}, {fallback: true}].map(async (how) => {
          const [s, m] = [p.bytes.unhex(seed), p.bytes.unhex(message)];
          const key = await p.ed25519.publicKey(s, how);
          const signature = await p.ed25519.sign(s, m, how);
          return [p.bytes.hex(key), p.bytes.hex(signature), await p.ed25519.verify(key, signature, m, how),
                  await p.ed25519.verify(key, signature, p.bytes.utf8("other"), how)];
        }))""",
        [seed, message],
    )
    assert told == [[key, signature, True, False]] * 2


def test_the_fallback_curves_agree_with_webcrypto(page: Page) -> None:
    assert page.evaluate(
        """async () => {
          if (!(await p.x25519.isNative()) || !(await p.ed25519.isNative())) return "no curves";
          const slow = {fallback: true};
          for (let round = 0; round < 5; round += 1) {
            const [a, b, m] = [p.bytes.random(32), p.bytes.random(32), p.bytes.random(100)];
            const point = await p.x25519.publicKey(b);
            if (!p.bytes.equal(await p.x25519.agree(a, point), await p.x25519.agree(a, point, slow))) return "x25519";
            const [key, signature] = [await p.ed25519.publicKey(a), await p.ed25519.sign(a, m, slow)];
            if (!(await p.ed25519.verify(key, signature, m))) return "ed25519";
            const sealed = await p.hpke.seal(m, point, p.bytes.utf8("info"), slow);
            const opened = await p.hpke.open(sealed, b, p.bytes.utf8("info"));
            if (!opened || !p.bytes.equal(opened, m)) return "hpke";
          }
          return true;
        }"""
    )


def test_the_strict_rules_hold_in_both_curves(page: Page) -> None:
    """Each is one a lax verifier takes: S + L, a small-order key, a key written in a second way."""
    order = 2**252 + 27742317777372353535851937790883648493
    _, key, message, signature = ED25519[1]
    scalar = int.from_bytes(bytes.fromhex(signature[64:]), "little") + order
    identity = "01" + "00" * 31
    cases = [
        [key, message, signature[:64] + scalar.to_bytes(32, "little").hex()],
        [identity, message, identity + "00" * 32],
        ["ee" + "ff" * 30 + "7f", message, identity + "00" * 32],
        ["00" * 32, message, signature],
        [key[:-2], message, signature],
    ]
    for known, text, signed in cases:
        told = page.evaluate(
            """async ([key, message, signature]) => Promise.all([{}, {fallback: true}].map((how) =>
                 p.ed25519.verify(p.bytes.unhex(key), p.bytes.unhex(signature), p.bytes.unhex(message), how)))""",
            [known, text, signed],
        )
        assert told == [False, False]
    zero = page.evaluate(
        """async () => Promise.all([{}, {fallback: true}].map((how) =>
             wrong(() => p.x25519.agree(p.bytes.random(32), new Uint8Array(32), how))))"""
    )
    assert all(zero)


def test_the_known_tip_is_sealed_and_opened_alike(page: Page) -> None:
    told = page.evaluate(
        """async (known) => {
          const {lookup, thread, me} = await p.tip.fromCode(known.code);
          const all = p.bytes.unb64u(known.sealed);
          const place = {thread, seq: 1, whose: "tipster"};
          const copy = all.slice(0, all.length / 3);
          const said = await p.tip.openCopy(copy, await p.tip.readingKey(me), place);
          const ephemerals = [3, 4, 5].map((byte) => new Uint8Array(32).fill(byte));
          const readers = known.readers.map(([whose, key]) => [whose, p.bytes.unb64u(key)]);
          return {lookup: p.bytes.b64u(lookup), thread: p.bytes.hex(thread), text: said.text,
                  signed: await p.tip.verify(said, await me.publicKey()),
                  elsewhere: await p.tip.openCopy(copy, await p.tip.readingKey(me), {...place, seq: 2}),
                  sealed: p.bytes.b64u(await p.tip.seal(known.said, {by: me, thread, seq: 1, readers, ephemerals})),
                  work: await p.tip.work(p.bytes.unhex(known.digest))};
        }""",
        TIP1,
    )
    wanted = {name: TIP1[name] for name in ("lookup", "thread", "work")}
    assert told == wanted | {
        "text": TIP1["said"]["text"], "signed": True, "elsewhere": None, "sealed": TIP1["sealed_fixed"],
    }  # fmt: skip


def test_the_code_on_a_recovery_sheet_is_what_any_reader_of_codes_reads(page: Page) -> None:
    """Module by module against an encoder of others, which readers have read for years."""
    sheet, codes = page.evaluate(
        """async () => {
          const { modules } = await import("/static/accounts/code.js");
          const sheet = await p.organisation.recoverySheet(p.organisation.freshSeed());
          const texts = [sheet, sheet.slice(1), sheet + "ABCDE"];
          return [sheet, texts.map((text) => modules(text).map((row) => row.map(Number).join("")))];
        }"""
    )
    for text, code in zip((sheet, sheet[1:], sheet + "ABCDE"), codes, strict=True):
        theirs = QRCode(version=3, error_correction=ERROR_CORRECT_M, border=0, mask_pattern=0)
        theirs.add_data(QRData(text, mode=MODE_ALPHA_NUM))
        theirs.make(fit=False)
        assert code == ["".join(str(int(bool(each))) for each in row) for row in theirs.get_matrix()]
