"""The browser's payloads: both halves open each other's, a piece at a time, and hash them alike."""

import secrets

import pytest
from cryptography.cobblestone import Cobblestone256Decryptor, Cobblestone256Encryptor
from playwright.sync_api import Page

from proofs import canonical
from proofs.canonical import b64u


@pytest.mark.parametrize("size", [0, 1, 16383, 16384, 16385, 65536, 2**20, 2**20 + 7])
def test_payloads_cross_both_ways(page: Page, size: int) -> None:
    key, context, message = secrets.token_bytes(32), b"sbe1/payload\0test", secrets.token_bytes(size)
    encryptor = Cobblestone256Encryptor(key, context)
    made = encryptor.update(message) + encryptor.finalize()
    told = page.evaluate(
        """async ({key, context, message, made}) => {
          const [k, c] = [p.bytes.unb64u(key), p.bytes.unb64u(context)];
          return {sealed: await text(await p.cobblestone.encrypt(k, c, blob(message))),
                  opened: await text(await p.cobblestone.decrypt(k, c, blob(made))),
                  cut: await p.cobblestone.decrypt(k, c, blob(made).slice(0, -1)),
                  other: await p.cobblestone.decrypt(k, p.bytes.utf8("other"), blob(made))};
        }""",
        {"key": b64u(key), "context": b64u(context), "message": b64u(message), "made": b64u(made)},
    )
    decryptor = Cobblestone256Decryptor(key, context)
    assert decryptor.update(canonical.b64u_bytes(told["sealed"], "sealed")) + decryptor.finalize() == message
    assert told["opened"] == b64u(message)
    assert (told["cut"], told["other"]) == (None, None)


def test_an_opened_message_is_read_anywhere_and_a_sink_gets_every_byte(page: Page) -> None:
    told = page.evaluate(
        """async () => {
          const message = new Uint8Array(3 * 2 ** 20 + 12345);
          for (let at = 0; at < message.length; at += 65536) crypto.getRandomValues(message.subarray(at, at + 65536));
          const [k, c, wrong] = [p.bytes.random(32), p.bytes.utf8("c"), []];
          const pieces = [];
          const sink = {write: (data) => pieces.push(data.slice()), finish: () => new Blob(pieces)};
          const sealed = await p.cobblestone.encrypt(k, c, new Blob([message]), null, sink);
          const opened = await p.cobblestone.decrypt(k, c, sealed);
          for (const [from, to] of [[0, 4], [4, 16384], [16383, 16385], [1, 2 ** 20 + 3], [message.length - 5], [7, 7],
                                    [5000, message.length + 9], [2 * 2 ** 20]]) {
            const got = new Uint8Array(await opened.slice(from, to).arrayBuffer());
            const twice = new Uint8Array(await opened.slice(from - from % 3, to).slice(from % 3).arrayBuffer());
            if (!p.bytes.equal(got, message.slice(from, to)) || !p.bytes.equal(twice, got)) wrong.push([from, to]);
          }
          const bent = new Uint8Array(await sealed.arrayBuffer());
          bent[bent.length - 20] ^= 1;
          return {wrong, size: opened.size, longest: Math.max(...pieces.map((one) => one.length)),
                  bent: await p.cobblestone.decrypt(k, c, new Blob([bent]))};
        }"""
    )
    assert told == {"wrong": [], "size": 3 * 2**20 + 12345, "longest": 64 * (16384 + 16), "bent": None}


def test_the_incremental_hash_is_the_hash(page: Page) -> None:
    assert page.evaluate(
        """async () => {
          for (const size of [0, 1, 55, 56, 63, 64, 65, 1000, 70001]) {
            const data = crypto.getRandomValues(new Uint8Array(size % 65536)); // its limit is 65,536 bytes
            const digest = new p.sha256.Sha256();
            for (let at = 0, step = 1; at < data.length; at += step, step = (step * 7) % 131 + 1)
              digest.update(data.subarray(at, at + step));
            if (!p.bytes.equal(digest.digest(), await p.bytes.sha256(data))) return size;
          }
          return true;
        }"""
    )
