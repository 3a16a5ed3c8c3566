"""The files below a path in one order, and what kind each is."""

import gzip
import re
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedReader, RawIOBase
from pathlib import Path, PurePath
from typing import Literal, cast

from poc.engine.problems import Refused
from poc.sources.found import Unread

Form = Literal["mail", "mailbox", "table", "lines", "list", "text"]

FORMS: dict[str, Form] = {
    ".eml": "mail",
    ".mbox": "mailbox",
    ".mbx": "mailbox",
    ".csv": "table",
    ".tsv": "table",
    ".jsonl": "lines",
    ".ndjson": "lines",
    ".json": "list",
    ".txt": "text",
    ".html": "text",
    ".htm": "text",
}
DOCUMENT = "is a document, which the service does not read; export its text as .txt."
ARCHIVE = "is an archive; unpack it, and give the folder."
STORE = "is a mail store of one program; export it as .mbox or as .eml files."
PICTURE = "is a picture, a sound or a film, which the service does not read."
SHEET = "is a spreadsheet; save it as .csv."
LINK = "is a link, which is not followed; give what it leads to."
DEVICE = "is no file; leave it out."
LOCKED = "cannot be opened; give yourself the right to read it."
STRANGE = "holds nothing that looks like a message; export it as .eml, .mbox, .csv or .jsonl."
EMPTY = "is empty."
UNREADABLE: dict[str, str] = {
    **dict.fromkeys((".pdf", ".doc", ".docx", ".odt", ".rtf", ".ppt", ".pptx", ".pages"), DOCUMENT),
    **dict.fromkeys((".zip", ".7z", ".rar", ".tar", ".tgz", ".bz2", ".xz", ".zst"), ARCHIVE),
    **dict.fromkeys((".pst", ".ost", ".msg", ".olm", ".nsf", ".dbx", ".emlx"), STORE),
    **dict.fromkeys((".xls", ".xlsx", ".ods", ".numbers"), SHEET),
    **dict.fromkeys((".png", ".jpg", ".jpeg", ".gif", ".bmp", ".tif", ".tiff", ".webp"), PICTURE),
    **dict.fromkeys((".heic", ".svg", ".wav", ".mp3", ".m4a", ".mp4", ".mov", ".avi"), PICTURE),
}
HEADER = re.compile(rb"[!-9;-~]{1,70}[ \t]*:")
MAIL = re.compile(
    rb"\A(?:[!-9;-~]{1,70}:[^\n]*\n(?:[ \t][^\n]*\n)*){0,40}?"
    rb"(?:from|date|received|return-path|delivered-to|message-id|subject|mime-version):",
    re.IGNORECASE,
)
SAMPLE = 64 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A file to read. `name` is its path below the given one, or its name if that is a file."""

    path: Path
    name: str
    form: Form
    packed: bool
    size: int
    modified: int

    def open(self) -> BufferedReader:
        """Its bytes, unpacked. Raises `OSError`, and `EOFError` where a packed one is cut."""
        if self.packed:
            return BufferedReader(cast("RawIOBase", gzip.GzipFile(self.path)))
        return self.path.open("rb")


def walk(path: Path) -> Iterator[File | Unread]:
    """Every file in the order of names, each folder where its name stands.

    Raises `Refused` when there is nothing at the path.
    """
    try:
        found = path.resolve(strict=True)
    except (OSError, RuntimeError):
        raise Refused(f"{path}: there is no such file or folder.") from None
    if not found.is_dir():
        yield _file(found, found.name)
        return
    waiting = [found]
    while waiting:
        one = waiting.pop()
        name = _shown(one, found)
        if one.is_symlink():
            yield Unread(name, LINK)
        elif one.is_dir():
            try:
                waiting += sorted(one.iterdir(), reverse=True)
            except OSError:
                yield Unread(name, LOCKED)
        else:
            yield _file(one, name)


def _shown(path: Path, top: Path) -> str:
    """A name that can be stored and printed, whatever bytes the file system has."""
    return path.relative_to(top).as_posix().encode("utf-8", "backslashreplace").decode()


def _file(path: Path, name: str) -> File | Unread:
    packed = path.suffix.lower() == ".gz"
    suffix = PurePath(path.stem if packed else path.name).suffix.lower()
    if suffix in UNREADABLE:
        return Unread(name, UNREADABLE[suffix])
    try:
        about = path.stat()
        if not stat.S_ISREG(about.st_mode):
            return Unread(name, DEVICE)
        if not about.st_size:
            return Unread(name, EMPTY)
        file = File(path, name, FORMS.get(suffix, "text"), packed, about.st_size, about.st_mtime_ns)
        with file.open() as stream:
            start = stream.read(SAMPLE)
    except PermissionError:
        return Unread(name, LOCKED)
    except (OSError, EOFError) as error:
        return Unread(name, f"cannot be read: {getattr(error, 'strerror', None) or 'damaged'}.")
    if suffix in FORMS:
        return file
    form = _form(start)
    if form is None:
        return Unread(name, STRANGE)
    return File(path, name, form, packed, about.st_size, about.st_mtime_ns)


def _form(start: bytes) -> Form | None:
    """What a file without a telling name looks like."""
    start = start.removeprefix(b"\xef\xbb\xbf").lstrip(b"\r\n")
    first, _, rest = start.partition(b"\n")
    if first.startswith(b"From ") and HEADER.match(rest):
        return "mailbox"
    return "mail" if MAIL.match(start) else None
