"""How alike two texts are, from a few hundred bytes kept of each.

One permutation hashing (Li, Owen, Zhang 2012) with the empty bins filled as by Shrivastava (2017):
every shingle is hashed once, so that a signature costs little more than reading the text.
"""

import hashlib
import re
import sys
import unicodedata
import zlib
from array import array

BINS = 128
BANDS, ROWS = 32, 4
SIZE = 5  # characters, as in evals.duplicates
# Two texts of this Jaccard similarity are near-duplicates.
ALIKE = 0.6
EMPTY = 0xFFFFFFFF
PART = re.compile(r"[^\W\d_]+|\d+")


def normalised(text: str) -> str:
    """The words without case, accents and punctuation; a number is one mark, whatever it is."""
    plain = text.lower()
    if not plain.isascii():
        apart = unicodedata.normalize("NFKD", plain)
        plain = "".join(c for c in apart if not unicodedata.combining(c))
    return " ".join("0" if part[0].isdigit() else part for part in PART.findall(plain))


def digest(text: str) -> bytes:
    """SHA-256 of a normalised text, or of whatever stands in for one."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


def signature(text: str) -> bytes:
    """The signature of a normalised text: 128 numbers of 32 bits; empty for too short a text."""
    shingles = _shingles(f" {text} ") if text else set()
    if not shingles:
        return b""
    bins = [EMPTY] * BINS
    for one in shingles:
        # CRC-32 alone keeps neighbours together; a multiplication spreads them.
        hashed = zlib.crc32(one) * 0x9E3779B97F4A7C15
        slot, value = hashed >> 57 & (BINS - 1), hashed >> 20 & 0xFFFFFFFE
        if value < bins[slot]:
            bins[slot] = value
    return _bytes(_filled(bins))


def _shingles(text: str) -> set[bytes]:
    ends = range(len(text) - SIZE + 1)
    if text.isascii():
        plain = text.encode()
        return {plain[i : i + SIZE] for i in ends}
    return {text[i : i + SIZE].encode("utf-8", "surrogatepass") for i in ends}


def _filled(bins: list[int]) -> list[int]:
    """Each empty bin takes the value of one that is not, the same one in every signature."""
    filled = list(bins)
    for slot, value in enumerate(bins):
        attempt = 0
        while value == EMPTY:
            attempt += 1
            value = bins[(slot * 37 + attempt * (2 * slot + 1)) % BINS]
        filled[slot] = value
    return filled


def _bytes(values: list[int]) -> bytes:
    packed = array("I", values)
    if sys.byteorder == "big":
        packed.byteswap()
    return packed.tobytes()


def similarity(one: bytes, other: bytes) -> float:
    """The estimate of the Jaccard similarity; its standard error is at most 0.045."""
    if not one or not other:
        return 0.0
    first, second = memoryview(one).cast("I"), memoryview(other).cast("I")
    return sum(a == b for a, b in zip(first, second, strict=True)) / BINS


def bands(signed: bytes) -> list[int]:
    """The keys under which alike texts meet: of two at 0.6, 99 % share one, at 0.2 5 %."""
    width = ROWS * 4
    return [
        int.from_bytes(
            hashlib.blake2b(
                signed[band * width : (band + 1) * width], digest_size=7, salt=band.to_bytes(2)
            ).digest()
        )
        for band in range(len(signed) // width)
    ]
