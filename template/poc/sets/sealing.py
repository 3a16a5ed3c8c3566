"""Seals a set of cases with a key (AES-256-GCM), so that nobody tunes on what decides.

The file is `MAGIC`, a nonce of 12 bytes, and the encrypted, compressed lines; the set's name and
the digest of its cases are bound to it, so that no other file can be put in its place.
"""

import base64
import binascii
import hashlib
import os
import secrets
import zlib
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from poc.engine.problems import Refused
from poc.sets.manifest import Manifest, cases_of

MAGIC = b"poc-seal-1\n"
NONCE = 12
KEY_BYTES = 32
VARIABLE = "POC_SET_KEY"
LARGEST = 1 << 30  # bytes once unpacked; a set of letters is far below it


class Key:
    """A key of 256 bits; `name` is public and says which one it is."""

    def __init__(self, raw: bytes) -> None:
        self._raw = raw
        self.name = hashlib.sha256(b"poc-seal-key" + raw).hexdigest()[:12]

    @classmethod
    def new(cls) -> "Key":
        """A random key."""
        return cls(secrets.token_bytes(KEY_BYTES))

    @classmethod
    def parse(cls, text: str, where: str) -> "Key":
        """Read a key as `text` gives it. Raises `Refused` naming where it came from."""
        try:
            raw = base64.b64decode(text.strip().encode("ascii"), altchars=b"-_", validate=True)
        except (binascii.Error, ValueError):
            raw = b""
        if len(raw) != KEY_BYTES:
            raise Refused(f"{where} holds no key: it has to be the 44 characters poc seal wrote.")
        return cls(raw)

    @property
    def text(self) -> str:
        """The key in 44 characters."""
        return base64.urlsafe_b64encode(self._raw).decode()

    def encrypt(self, plain: bytes, bound: bytes) -> bytes:
        """The sealed bytes; `bound` has to be given again to open them."""
        nonce = os.urandom(NONCE)
        return MAGIC + nonce + AESGCM(self._raw).encrypt(nonce, zlib.compress(plain), bound)

    def decrypt(self, sealed: bytes, bound: bytes) -> bytes | None:
        """What was sealed; None when the bytes, what they are bound to, or the key is another."""
        if not sealed.startswith(MAGIC):
            return None
        nonce, body = sealed[len(MAGIC) :][:NONCE], sealed[len(MAGIC) + NONCE :]
        try:
            packed = AESGCM(self._raw).decrypt(nonce, body, bound)
        except (InvalidTag, ValueError):
            return None
        return zlib.decompressobj().decompress(packed, LARGEST)


def key_file(root: Path, name: str) -> Path:
    """Where `poc seal` leaves a new key, for its owner to take away."""
    return cases_of(root, name).with_name("key")


def key_of(root: Path, name: str) -> Key | None:
    """The key from the environment, else from its file, None without either.

    Raises `Refused` when what is there is no key.
    """
    given = os.environ.get(VARIABLE, "")
    if given.strip():
        return Key.parse(given, f"The variable {VARIABLE}")
    path = key_file(root, name)
    try:
        return Key.parse(path.read_text("ascii", "replace"), path.relative_to(root).as_posix())
    except FileNotFoundError:
        return None


def bound_to(manifest: Manifest) -> bytes:
    """What a seal is bound to: the set's name, and its cases with and without labels."""
    labels = manifest.labels.digest if manifest.labels else ""
    return "\n".join((manifest.name, manifest.digest, labels)).encode()


def unseal(root: Path, manifest: Manifest) -> bytes:
    """The lines of a sealed set, in memory only.

    Raises `Refused` when it is not sealed, missing, altered, or the key is not there.
    """
    seal, name = manifest.seal, manifest.name
    if seal is None:
        raise Refused(f"The set {name} is not sealed yet: poc seal {name}")
    path = root / seal.file
    try:
        sealed = path.read_bytes()
    except OSError as error:
        raise Refused(
            f"The sealed set {seal.file} cannot be read ({error.strerror}); bring it here from"
            " where it is kept."
        ) from None
    if hashlib.sha256(sealed).hexdigest() != seal.sha256:
        raise Refused(
            f"{seal.file} is not the file that was sealed on {seal.sealed_on:%Y-%m-%d}: its digest"
            " differs. Bring the original back; nothing was scored."
        )
    key = key_of(root, name)
    if key is None:
        raise Refused(
            f"The set {name} is sealed and its key is not here: set {VARIABLE}. The evaluation"
            " owner holds it."
        )
    if key.name != seal.key:
        raise Refused(f"The key {key.name} does not open {seal.file}; it takes the key {seal.key}.")
    plain = key.decrypt(sealed, bound_to(manifest))
    if plain is None:
        raise Refused(
            f"{seal.file} does not belong to governance/sets/{name}.json as it stands; bring both"
            " back from the same commit."
        )
    return plain
