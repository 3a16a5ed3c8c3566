"""The pages of the local identity provider: pick a person, and an error."""

import base64
import hashlib
from collections.abc import Iterable, Mapping
from html import escape

from starlette.responses import HTMLResponse

from local.accounts import Person

_STYLE = """
body { margin: 0; background: #f3f4f6; color: #1f2933; font: 1.05rem/1.5 system-ui, sans-serif; }
main { max-width: 32rem; margin: 8vh auto; padding: 1.5rem 2rem; background: #fff;
  border-radius: .5rem; box-shadow: 0 1px 6px #0003; }
h1 { margin: 0 0 .5rem; font-size: 1.5rem; }
.note { padding: .5rem .75rem; background: #fff4d6; border-left: .25rem solid #b7791f; }
button { display: block; width: 100%; margin: .6rem 0; padding: .7rem 1rem; text-align: left;
  font: inherit; color: inherit; background: #fff; border: 1px solid #6b7785;
  border-radius: .375rem; cursor: pointer; }
button:hover { background: #eaf2fb; }
button:focus-visible { outline: .2rem solid #1a5fb4; outline-offset: .1rem; }
small { display: block; color: #4a5560; }
"""
_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode("ascii")
# No form-action: browsers apply it to the redirect back to the application as well.
_HEADERS = {
    "content-security-policy": (
        f"default-src 'none'; style-src 'sha256-{_HASH}'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "cache-control": "no-store",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
}


def sign_in_page(people: Iterable[Person], asked: Mapping[str, str]) -> HTMLResponse:
    """List the people as buttons; `asked` is the authorization request, carried along."""
    fields = "".join(
        f'<input type="hidden" name="{escape(name)}" value="{escape(value)}">'
        for name, value in asked.items()
    )
    buttons = "".join(
        f'<button name="person" value="{escape(one.id)}"><strong>{escape(one.name)}</strong>'
        f"<small>{escape(', '.join(one.roles))}: {escape(one.about)}</small></button>"
        for one in people
    )
    return _page(
        "Who are you today?",
        '<p class="note"><strong>Development only.</strong> There are no passwords: pick a person'
        " and you are signed in as them. Staging and production use your own provider.</p>"
        f'<form method="post" action="/authorize">{fields}{buttons}</form>',
    )


def error_page(text: str) -> HTMLResponse:
    """Say what is wrong with a request that must not be redirected."""
    return _page("This sign-in cannot go on", f"<p>{escape(text)}</p>", 400)


def _page(title: str, body: str, status: int = 200) -> HTMLResponse:
    html = (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{title} · local identity provider</title><style>{_STYLE}</style></head>"
        f"<body><main><h1>{title}</h1>{body}</main></body></html>"
    )
    return HTMLResponse(html, status, _HEADERS)
