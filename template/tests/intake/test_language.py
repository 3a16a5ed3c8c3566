"""Language: detected when there is enough text, in doubt said so."""

import pytest

from app.intake import NoteCode
from app.intake.language import detect

from .support import clean, codes, plain, send_json

pytestmark = pytest.mark.item("DATA-1")

TEXTS = {
    "de": "Guten Tag, meine Bestellung ist leider immer noch nicht angekommen.",
    "en": "Hello, my order has still not arrived and nobody answers my mails.",
    "fr": "Bonjour, ma commande n'est toujours pas arrivée et je m'inquiète.",
    "es": "Buenos días, mi pedido todavía no ha llegado y estoy preocupado.",
    "it": "Buongiorno, il mio ordine non è ancora arrivato, potete aiutarmi?",
    "nl": "Goedendag, mijn bestelling is nog steeds niet aangekomen, wat nu?",
    "pl": "Dzień dobry, moje zamówienie wciąż nie dotarło, proszę o pomoc.",
    "ru": "Здравствуйте, мой заказ до сих пор не пришёл, помогите.",
    "ja": "注文した商品がまだ届いていません。確認をお願いします。",
    "he": "שלום, ההזמנה שלי עדיין לא הגיעה ואני מבקש עזרה",
}


@pytest.mark.parametrize("code", TEXTS)
def test_a_sentence_is_enough(code: str) -> None:
    outcome = plain(TEXTS[code])
    assert clean(outcome).language == code
    assert NoteCode.SEVERAL_LANGUAGES not in codes(outcome)


@pytest.mark.parametrize(
    "text", ["Hallo", "ok danke", "4711 0815 +49 30 1234567", "anna@b.example"]
)
def test_too_little_text_is_undetermined(text: str) -> None:
    assert clean(plain(text)).language == "und"


@pytest.mark.parametrize("separator", ["\n\n", "\n", " "])
def test_two_languages_in_one_text_are_noted(separator: str) -> None:
    outcome = plain(TEXTS["de"] + separator + TEXTS["en"])
    assert [n.detail for n in outcome.notes if n.code == NoteCode.SEVERAL_LANGUAGES] == ["de, en"]


def test_few_ideographs_say_as_much_as_many_letters() -> None:
    assert clean(plain("こんにちは、みなさん！")).language == "ja"


def test_addresses_do_not_count_as_words() -> None:
    links = " https://shop.example/where/is/my/order/please/help/me/now" * 9
    assert clean(plain(TEXTS["de"] + links)).language == "de"
    assert clean(plain(links)).language == "und"


def test_noise_is_said_to_be_unsure() -> None:
    outcome = plain("xqzv wqkj zzxq pqvw kjxz qwvz xxqk vzqw")
    assert NoteCode.LANGUAGE_UNSURE in codes(outcome)
    assert clean(outcome).language == "und"


def test_neighbouring_languages_are_no_disagreement() -> None:
    danish = "Hej, min pakke er stadig ikke kommet frem, og jeg vil gerne have hjælp til det."
    assert NoteCode.LANGUAGE_DISAGREES not in codes(send_json(text=danish, language="no"))


def test_characters_the_detector_refuses_are_no_failure() -> None:
    assert detect("Guten Tag \x00\x0b meine Bestellung fehlt mir noch")[0] == "und"
