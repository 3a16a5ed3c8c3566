"""Which kinds of personal data stand in a text: structured ones only, never their values.

Names and addresses have no form that a rule could know; nothing here finds them. Every pattern is
anchored and of bounded length, and only the first 20,000 characters are read, so that the time is
bounded whatever the text.
"""

import ipaddress
import re
from typing import Literal

PersonalKind = Literal["email", "phone", "iban", "card", "tax_id", "ip"]
MOST = 20_000

EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+-]{1,64}+@(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.){1,8}[a-z]{2,24}\b",
    re.IGNORECASE,
)
# ISO 13616: country, two check digits, up to 30 letters and digits, often in groups of four.
IBAN = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2}\d{2}(?:[ -]?[A-Z0-9]{4}){2,7}(?:[ -]?[A-Z0-9]{1,3})?")
LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22,
    "BR": 29, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DK": 18, "DO": 28, "EE": 20,
    "EG": 29, "ES": 24, "FI": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23, "GL": 18,
    "GR": 27, "GT": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IS": 26, "IT": 27, "JO": 30,
    "KW": 30, "KZ": 20, "LB": 28, "LI": 21, "LT": 20, "LU": 20, "LV": 21, "MC": 27, "MD": 24,
    "ME": 22, "MK": 19, "MR": 27, "MT": 31, "MU": 30, "NL": 18, "NO": 15, "PK": 24, "PL": 28,
    "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22, "SA": 24, "SE": 24, "SI": 19, "SK": 24,
    "SM": 27, "TN": 24, "TR": 26, "UA": 29, "VG": 24, "XK": 20,
}  # fmt: skip
# ISO 7812: 13 to 19 digits, alone or in groups.
CARD = re.compile(r"(?<![\d.,-])\d(?:[ -]?\d){12,18}(?![\d]|[.,-]\d)")
# The first digits of the card networks; without them every fifth long number of ten would do.
NETWORK = re.compile(r"4|5[1-5]|2[2-7]|3[4-7]|3[068]|6(?:011|4|5|2)")
# VAT ids of the EU and its neighbours with their country's length.
VAT = re.compile(
    r"(?<![A-Za-z0-9])(?:ATU\d{8}|BE[01]\d{9}|BG\d{9,10}|CHE[ -]?\d{3}\.?\d{3}\.?\d{3}"
    r"|CY\d{8}[A-Z]|CZ\d{8,10}|DE ?\d{9}|DK\d{8}|EE\d{9}|EL\d{9}|ES[A-Z0-9]\d{7}[A-Z0-9]|FI\d{8}"
    r"|FR ?[A-HJ-NP-Z0-9]{2} ?\d{9}|GB ?\d{9}|HR\d{11}|HU\d{8}|IE\d[A-Z0-9+*]\d{5}[A-Z]{1,2}"
    r"|IT\d{11}|LT(?:\d{9}|\d{12})|LU\d{8}|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|PL ?\d{10}|PT\d{9}"
    r"|RO\d{6,10}|SE\d{12}|SI\d{8}|SK\d{10})(?![A-Za-z0-9])"
)
# A tax number without a country is known by the word before it alone.
TAX = re.compile(
    r"\b(?:tax id|tin|vat (?:no|number|id)|steuer-?(?:id|nummer|nr)|ust-?id(?:-?nr)?|ssn|nif"
    r"|codice fiscale|numéro fiscal|bsn|nip)\b[\s.:#-]{0,5}(?=[A-Z0-9 /.-]{0,20}\d{3})",
    re.IGNORECASE,
)
IP4 = re.compile(r"(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d]|\.\d)")
IP6 = re.compile(r"(?<![\w:.])[0-9a-f:]{6,39}(?![\w:])", re.IGNORECASE)
DIGITS = re.compile(r"\d")
# Before a number they make it a version.
VERSION = re.compile(r"(?:v|version|release)[ .]?$", re.IGNORECASE)


def kinds(text: str, region: str = "") -> set[PersonalKind]:
    """The kinds seen in a text.

    `region` is the country (ISO 3166) whose telephone numbers are known without country code.
    """
    text = text[:MOST]
    found: set[PersonalKind] = set()
    if "@" in text and EMAIL.search(text):
        found.add("email")
    if ":" in text and any(map(_is_ip6, IP6.findall(text))):
        found.add("ip")
    if len(DIGITS.findall(text)) < 4:
        return found
    if any(_is_iban(match[0]) for match in IBAN.finditer(text)):
        found.add("iban")
    if any(_is_card(match[0]) for match in CARD.finditer(text)):
        found.add("card")
    if VAT.search(text) or TAX.search(text):
        found.add("tax_id")
    if any(_is_ip4(match[0], text[: match.start()][-10:]) for match in IP4.finditer(text)):
        found.add("ip")
    if _has_phone(text, region):
        found.add("phone")
    return found


def _is_iban(text: str) -> bool:
    """ISO 7064, mod 97-10. What follows in groups of four may not belong to it."""
    plain = re.sub(r"[ -]", "", text)
    length = LENGTHS.get(plain[:2], 0)
    if not length or len(plain) < length:
        return False
    number = plain[4:length] + plain[:4]
    return int("".join(str(int(one, 36)) for one in number)) % 97 == 1


def _is_card(text: str) -> bool:
    """ISO 7812-1, annex B (Luhn)."""
    digits = re.sub(r"\D", "", text)
    if not NETWORK.match(digits) or len(set(digits)) < 2:
        return False
    doubled = [int(one) * (2 if i % 2 else 1) for i, one in enumerate(reversed(digits))]
    return sum(one - 9 if one > 9 else one for one in doubled) % 10 == 0


def _is_ip4(text: str, before: str) -> bool:
    if VERSION.search(before) or text.startswith("0."):
        return False
    try:
        ipaddress.IPv4Address(text)
    except ValueError:
        return False
    return True


def _is_ip6(text: str) -> bool:
    if text.count(":") < 2 or not any(c.isalnum() for c in text):
        return False
    try:
        ipaddress.IPv6Address(text.rstrip(":") if text.endswith(":") else text)
    except ValueError:
        return False
    return True


def _has_phone(text: str, region: str) -> bool:
    if not region and "+" not in text and "00" not in text:
        return False
    from phonenumbers import Leniency, PhoneNumberMatcher

    # An international number is written with 00 as often as with +.
    plain = re.sub(r"(?<![\d.,/-])00(?=[1-9]\d[\d ()/.-]{6})", "+", text)
    matcher = PhoneNumberMatcher(plain, region or None, leniency=Leniency.VALID, max_tries=200)
    return next(iter(matcher), None) is not None
