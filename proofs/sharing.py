"""k of n sharing of 32 bytes over GF(2^8), polynomial 0x11b, bytewise; x is the member's index.

Recovering gives the whole polynomial and so every share, which is what lets the opening compare *all* commitments:
an inconsistent dealing then shows the same to every subset of members.
"""

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

LENGTH = 32


def _tables() -> tuple[list[int], list[int]]:
    exponents, logarithms, value = [0] * 510, [0] * 256, 1
    for power in range(255):
        exponents[power] = exponents[power + 255] = value
        logarithms[value] = power
        value ^= value << 1  # times the generator 3
        if value & 0x100:
            value ^= 0x11B
    return exponents, logarithms


_EXP, _LOG = _tables()


def multiply(a: int, b: int) -> int:
    """The product in GF(2^8)."""
    return _EXP[_LOG[a] + _LOG[b]] if a and b else 0


def _row(factor: int) -> bytes:
    """What every byte becomes when multiplied by a factor: multiplication as one bytes.translate."""
    return bytes(multiply(factor, byte) for byte in range(256))


_ROWS = [_row(factor) for factor in range(256)]


def share(coefficients: Sequence[bytes], i: int) -> bytes:
    """The share of member i (1…255): the polynomial a_0 + a_1·x + … at x = i."""
    return _combined(coefficients, _powers(i, len(coefficients)))


def shares(coefficients: Sequence[bytes], n: int) -> list[bytes]:
    """The shares of members 1…n."""
    return [share(coefficients, i) for i in range(1, n + 1)]


def recover(points: Mapping[int, bytes]) -> list[bytes]:
    """The coefficients a_0 … a_(k−1) of the one polynomial of degree < k through these k points (i ↦ share)."""
    return [_combined(points.values(), factors) for factors in _interpolation(tuple(points))]


def _combined(values: Iterable[bytes], factors: Iterable[int]) -> bytes:
    """The sum of the values, each multiplied by its factor."""
    total = 0
    for value, factor in zip(values, factors, strict=True):
        total ^= int.from_bytes(value.translate(_ROWS[factor]), "big")
    return total.to_bytes(LENGTH, "big")


@lru_cache
def _powers(x: int, count: int) -> tuple[int, ...]:
    """x^0 … x^(count−1)."""
    powers = [1]
    while len(powers) < count:
        powers.append(multiply(powers[-1], x))
    return tuple(powers)


@lru_cache
def _interpolation(at: tuple[int, ...]) -> tuple[tuple[int, ...], ...]:
    """For each coefficient, by what the values at these points are multiplied to make it. Tells nothing of a value."""
    columns = []
    for i in at:
        # The basis polynomial that is 1 at i and 0 at the other points, as coefficients.
        basis, divisor = [1], 1
        for j in at:
            if j != i:
                basis = [up ^ multiply(j, low) for low, up in zip([*basis, 0], [0, *basis], strict=True)]
                divisor = multiply(divisor, i ^ j)
        inverse = _EXP[255 - _LOG[divisor]]
        columns.append([multiply(factor, inverse) for factor in basis])
    return tuple(zip(*columns, strict=True))
