"""Content transfer encodings, undone even where a mail system has damaged them."""

import base64
import binascii
import re
from dataclasses import dataclass

CHUNK = re.compile(rb"[A-Za-z0-9+/]+={0,2}")
JUNK = re.compile(rb"[^A-Za-z0-9+/=]")
CUT_ESCAPE = re.compile(rb"=[0-9A-Fa-f]?\Z")


@dataclass(frozen=True, slots=True)
class Bytes:
    """Decoded bytes; `repaired` after a damaged encoding, `cut` when the end is missing."""

    body: bytes
    repaired: bool = False
    cut: bool = False


def undo(payload: bytes, encoding: str) -> Bytes:
    """Decode a part's payload; an unknown encoding is read as it is."""
    name = encoding.strip().lower().split(" ")[0].rstrip(";")
    if name == "base64":
        return _base64(payload)
    if name == "quoted-printable":
        cut = CUT_ESCAPE.search(payload.rstrip()) is not None
        return Bytes(binascii.a2b_qp(payload), cut=cut)
    return Bytes(payload)


def _base64(payload: bytes) -> Bytes:
    lines = [line.strip() for line in payload.split(b"\n") if line.strip()]
    good = [JUNK.sub(b"", line) for line in lines if _is_data(line)]
    # Less than half looks like base64: the header is wrong and the text is plain.
    if sum(map(len, good)) * 2 < sum(map(len, lines)):
        return Bytes(payload, repaired=True)
    decoded = [_decode(chunk) for chunk in CHUNK.findall(b"".join(good))]
    body = b"".join(piece for piece, _ in decoded)
    odd = any(wrong for _, wrong in decoded) or sum(map(len, good)) < sum(map(len, lines))
    return Bytes(body, repaired=odd, cut=bool(decoded) and decoded[-1][1])


def _is_data(line: bytes) -> bool:
    # A mailing list's footer is words; a damaged line has a stray character or two.
    return b" " not in line and len(JUNK.sub(b"", line)) * 10 >= len(line) * 9


def _decode(chunk: bytes) -> tuple[bytes, bool]:
    data = chunk.rstrip(b"=")
    missing = -len(data) % 4
    if missing == 3:
        data, missing = data[:-1], 0
    wrong = len(chunk) % 4 != 0
    return base64.b64decode(data + b"=" * missing), wrong
