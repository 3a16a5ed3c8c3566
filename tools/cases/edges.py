"""Edge cases: which treatment a variant gets, and the cases that hold no usable text at all."""

import base64
import random

from tools.cases import variants, wrap
from tools.cases.families import Family

# Treatments of a usable text; the share of evaluation variants that gets one is in generate.py.
TREATMENTS = (
    "quoted_thread",
    "mojibake",
    "wrong_charset",
    "two_languages",
    "heavy_typos",
    "hidden_instruction",
    "truncated",
    "attachment",
)
_MARKERS = {
    "de": "[Nachricht gekürzt]",
    "en": "[message truncated]",
    "fr": "[message tronqué]",
}


def treat(
    kind: str, family: Family, text: tuple[str, str], others: list[Family], rng: random.Random
) -> wrap.Body:
    """Give a text one of `TREATMENTS`. `others` are families of the same split to borrow from."""
    subject, body = text
    language = family.language
    if kind == "quoted_thread":
        foreign = [one for one in others if one.queue != family.queue and one.language == language]
        return wrap.html_thread(subject, body, language, variants.text(rng.choice(foreign), rng)[1])
    if kind == "two_languages":
        same = [one for one in others if one.queue == family.queue and one.language != language]
        return wrap.mail(subject, f"{body}\n\n{variants.text(rng.choice(same), rng)[1]}", language)
    if kind == "heavy_typos":
        return wrap.chat(subject, variants.mistype(body, 0.5, rng), language)
    if kind == "truncated":
        words = body.split(" ")
        kept = " ".join(words[: max(len(words) * 2 // 3, 4)])
        return wrap.plain(subject, f"{kept}\n{_MARKERS[language]}", language)
    simple = {
        "mojibake": wrap.mojibake,
        "wrong_charset": wrap.wrong_charset,
        "hidden_instruction": wrap.hidden_instruction,
        "attachment": wrap.attachment,
    }
    return simple[kind](subject, body, language)


def unusable(language: str, rng: random.Random) -> dict[str, tuple[str, wrap.Body]]:
    """Cases that must be quarantined: edge name -> (reason, body)."""
    noise = bytes(rng.randrange(256) for _ in range(600))
    paste = "Log line 0000 ok\n" * 1800
    cut = wrap.mail_bytes("Scan", "PLACE").replace(
        b"Content-Transfer-Encoding: 8bit", b"Content-Transfer-Encoding: base64"
    )
    return {
        "empty_body": ("empty", wrap.form("", "  \n\t ", language)),
        "huge_paste": ("too_large", wrap.form("log", paste, language)),
        "binary_as_text": (
            "corrupt",
            {
                "content_type": "text/plain",
                "body_base64": base64.b64encode(b"%PDF-1.4\n" + noise).decode(),
            },
        ),
        "cut_transfer": (
            "truncated",
            {
                "content_type": "message/rfc822",
                "body": cut.replace(b"PLACE", b"R").decode("ascii"),
            },
        ),
    }
