"""How fast `poc profile` reads, and in how much memory: `python tools/bench_profile.py PROJECT`.

Synthetic mailboxes of 1,000 and 10,000 messages, one process each: messages a second of one core,
from start to page, and the peak of its memory, which should not grow with the messages.
"""

import random
import subprocess
import sys
import tempfile
from pathlib import Path

SIZES = (1_000, 10_000)
WORDS = """the parcel has not arrived yet although your page says it was delivered on monday please
check where it is and tell me when I can expect it my invoice shows another amount than the order
and the discount is missing I would like to return one item because it is broken"""
# Runs in the project's own Python: its memory is that of the command alone.
RUN = (
    "import resource, sys; from poc.cli import main; code = main(sys.argv[1:]);"
    "used = resource.getrusage(resource.RUSAGE_SELF);"
    "print(used.ru_maxrss // 1024, used.ru_utime + used.ru_stime, code)"
)


def mailbox(path: Path, size: int) -> None:
    """Write `size` mails: two in five are variants of another, one in ten has an attachment."""
    chance = random.Random(size)
    texts: list[str] = []
    with path.open("w", encoding="utf-8") as file:
        for number in range(size):
            if texts and chance.random() < 0.4:
                text = f"{chance.choice(texts[-200:])} Ticket {number}."
            else:
                text = " ".join(chance.choices(WORDS.split(), k=chance.randrange(20, 300)))
            texts = [*texts[-200:], text]
            day = f"{1 + number % 28:02} {('Jan', 'Apr', 'Jul', 'Oct')[number * 4 // size]} 2025"
            file.write(
                f"From someone{number}@example.test Wed Jan  1 00:00:00 2025\n"
                f"From: Someone <someone{number}@example.test>\nSubject: Order {number}\n"
                f"Date: {day} 10:00:00 +0000\nMIME-Version: 1.0\n"
            )
            if number % 10:
                file.write(f"Content-Type: text/plain; charset=utf-8\n\n{text}\n\n")
            else:
                file.write(
                    "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/html\n\n"
                    f"<p>{text}</p><p>Call +49 30 901820 or write to me@example.test</p>\n"
                    "--b\nContent-Type: application/pdf\nContent-Transfer-Encoding: base64\n\n"
                    f"{'QUFB' * 2000}\n--b--\n\n"
                )


def main() -> None:
    """Print one line a size."""
    project = Path(sys.argv[1]).resolve()
    python = str(project / ".venv" / "bin" / "python")
    with tempfile.TemporaryDirectory() as folder:
        for size in SIZES:
            source = Path(folder) / f"{size}.mbox"
            mailbox(source, size)
            command = [python, "-c", RUN, "profile", str(source), "--root", folder, "--json"]
            done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
            memory, seconds, code = (done.stdout.splitlines() or ["- - -1"])[-1].split()
            if done.returncode or code != "0":
                sys.exit(done.stdout + done.stderr)
            print(
                f"{size:>8,} messages  {size / float(seconds):>7,.0f} a second  peak {memory:>5} MB"
            )


if __name__ == "__main__":
    main()
