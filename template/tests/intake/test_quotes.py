"""Quoted threads, forwards, answers in between and signatures, as plain text."""

import pytest

from app.intake import NoteCode

from .support import body_of, codes, message_of, plain

OWN = "Vielen Dank, das Gerät läuft wieder."
SEPARATORS = [
    "-----Original Message-----",
    "-----Ursprüngliche Nachricht-----",
    "-------- Originalnachricht --------",
    "-----Message d'origine-----",
    "-----Mensaje original-----",
    "-----Messaggio originale-----",
    "-----Oorspronkelijk bericht-----",
    "-----Oryginalna wiadomość-----",
    "-----Исходное сообщение-----",
    "On Mon, May 6, 2024 at 10:12 AM Bo <bo@b.example> wrote:",
    "On 06/05/24 10:12, Bo wrote:",
    "Am 06.05.2024 um 10:12 schrieb Bo:",
    "Am Mo., 6. Mai 2024 um 10:12 Uhr schrieb Bo <\nbo@b.example>:",
    "Am Mo., 6. Mai 2024 um 10:12 Uhr\nschrieb Bo <bo@b.example>:",
    "Bo <bo@b.example> schrieb am Mo., 6. Mai 2024, 10:12:",
    "Le lun. 6 mai 2024 à 10:12, Bo <bo@b.example> a écrit\u00a0:",
    "El lun, 6 may 2024 a las 10:12, Bo (<bo@b.example>) escribió:",
    "Il giorno lun 6 mag 2024 alle 10:12 Bo ha scritto:",
    "Op ma 6 mei 2024 om 10:12 schreef Bo:",
    "W dniu 6.05.2024 o 10:12, Bo pisze: napisał(a):",
    "Den 6. maj 2024 kl. 10.12 skrev Bo <bo@b.example>:",
    "06.05.2024 10:12 пользователь Bo <bo@b.example> написал:",
    "2024年5月6日(月) 10:12 Bo <bo@b.example>:",
    "From: Bo <bo@b.example>\nSent: Monday\nTo: Us\nSubject: Repair",
    "Von: Bo\nGesendet: Montag, 6. Mai 2024 10:12\nAn: Service\nBetreff: AW: Gerät",
    "*Von:* Bo\n*Gesendet:* Montag\n*An:* Service\n*Betreff:* Gerät",
    "De : Bo\nEnvoyé : lundi 6 mai\nÀ : Service\nObjet : RE: Appareil",
    "De: Bo\nEnviado el: lunes\nPara: Servicio\nAsunto: Aparato",
    "Da: Bo\nInviato: lunedì\nA: Servizio\nOggetto: Guasto",
    "Van: Bo\nVerzonden: maandag\nAan: Service\nOnderwerp: Reparatie",
    "Od: Bo\nWysłano: poniedziałek\nDo: Serwis\nTemat: Naprawa",
    "Från: Bo\nSkickat: måndag\nTill: Service\nÄmne: Reparation",
    "От: Bo\nОтправлено: понедельник\nКому: Сервис\nТема: Ремонт",
    "差出人: Bo\n送信日時: 2024年5月6日\n宛先: サービス\n件名: 修理",
    "________________________________\nVon: Bo <bo@b.example>\nGesendet: 6. Mai\nAn: Service",
    "##- Bitte antworten Sie oberhalb dieser Zeile -##",
]


@pytest.mark.parametrize("separator", SEPARATORS)
def test_a_quoted_thread_is_left_out(separator: str) -> None:
    outcome = plain(f"{OWN}\n\n{separator}\n\nHallo, was ist mit dem Gerät?\nGruß Bo\n")
    assert body_of(outcome) == OWN
    assert NoteCode.QUOTE_REMOVED in codes(outcome)


@pytest.mark.parametrize(
    "text",
    [
        "Reiseantrag\nVon: Berlin\nAn: Hamburg\nDatum: 6. Mai 2024\nBitte genehmigen.",
        "Ihr Kollege hat uns geschrieben: alles gut.\nUnd jetzt?",
        "Am 06.05.2024 um 10:12 schrieb ich Ihnen folgendes:\nDas Gerät ist kaputt.",
        "Wir brauchen\n>50 kg davon\nund mehr.",
        "On 5 May 2024 you wrote to us:\nThe device is fine. It is not.",
        "Teil eins\n\n--\n" + "\n".join(f"Position {n}: 3 Stück" for n in range(20)),
        "Sent from my warehouse to the wrong address, please help.",
    ],
)
def test_what_only_looks_like_a_quote_stays(text: str) -> None:
    assert body_of(plain(text)) == text


def test_answers_between_quotes_are_kept_and_the_quotes_go() -> None:
    outcome = plain(
        "Am 06.05.2024 um 10:12 schrieb Bo:\n> Welche Farbe?\nRot.\n\n"
        "> Welche Größe?\n>> alt\nXL.\n"
    )
    assert body_of(outcome) == "Rot.\n\nXL."


def test_the_line_right_above_an_attribution_is_kept() -> None:
    text = "Bitte 3 Stück.\nAm 06.05.2024 um 10:12 schrieb Bo <bo@b.example>:\n> alt"
    assert body_of(plain(text)) == "Bitte 3 Stück."


def test_text_above_and_below_a_quote_is_kept() -> None:
    outcome = plain("Hallo Bo,\n\nAm 06.05.2024 um 10:12 schrieb Bo:\n> Ist es da?\nJa, danke.")
    assert body_of(outcome) == "Hallo Bo,\n\nJa, danke."


def test_a_mail_that_is_only_a_forward_keeps_the_forwarded_text() -> None:
    text = (
        "-------- Weitergeleitete Nachricht --------\nVon: Bo <bo@b.example>\nAn: Us\nBetreff: X\n"
    )
    assert body_of(plain(text + "\nDas Gerät ist kaputt.")).endswith("Das Gerät ist kaputt.")
    block = "Od: Bo\nWysłano: 6 maja\nTemat: Naprawa\n\nProszę o naprawę."
    assert body_of(plain(block)) == block


def test_a_comment_and_its_forward_are_both_kept_but_not_older_quotes() -> None:
    forward = (
        "Bitte übernehmen.\n\n---------- Forwarded message ---------\n"
        "From: Bo <bo@b.example>\nDate: Mon\nSubject: Broken\nTo: Us\n\nThe device is broken.\n\n"
        "On Mon, May 6, 2024 at 10:12 AM Us <us@b.example> wrote:\n> older\n"
    )
    body = body_of(plain(forward))
    assert body.startswith("Bitte übernehmen.")
    assert body.endswith("The device is broken.")


def test_an_apple_forward_loses_its_prefix_only() -> None:
    body = body_of(plain("Siehe unten.\n\nBegin forwarded message:\n\n> From: Bo\n> \n> Kaputt!\n"))
    assert body.endswith("From: Bo\n\nKaputt!")


def test_the_subject_decides_whether_a_header_block_is_a_forward() -> None:
    block = "Bitte klären.\n\nVon: Bo\nGesendet: Montag\nAn: Us\nBetreff: Gerät\n\nEs ist kaputt."
    content = b"Content-Type: text/plain; charset=utf-8\n\n" + block.encode()
    assert message_of(content, "Subject: WG: Gerät").text.endswith("Es ist kaputt.")
    assert message_of(content, "Subject: AW: Gerät").text == "Bitte klären."


@pytest.mark.parametrize(
    "quote",
    ["> nur ein Zitat\n> sonst nichts", "Am 6.5.2024 um 10:12 schrieb Bo:\n> nur ein Zitat"],
)
def test_a_mail_that_is_only_a_quote_keeps_it(quote: str) -> None:
    outcome = plain(quote)
    assert "nur ein Zitat" in body_of(outcome)
    assert NoteCode.QUOTE_ONLY in codes(outcome)


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nBo Muster\nBeispiel GmbH",
        "--\nBo Muster",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "Gesendet mit der GMX Mail App",
        "Envoyé de mon iPhone",
        "Enviado desde mi iPhone",
        "Inviato da iPhone",
        "Verzonden vanaf mijn iPhone",
        "Wysłane z iPhone'a",
        "Skickat från min iPhone",
        "Отправлено с iPhone",
        "iPhoneから送信",
        "Get Outlook for iOS",
    ],
)
def test_signatures_go_but_never_the_whole_text(signature: str) -> None:
    outcome = plain(f"{OWN}\n\n{signature}\n")
    assert body_of(outcome) == OWN
    assert NoteCode.SIGNATURE_REMOVED in codes(outcome)
    assert body_of(plain(signature)) == signature.replace("-- \n", "--\n")


def test_a_signature_above_a_quote_goes_with_it() -> None:
    outcome = plain(f"{OWN}\n\nSent from my iPhone\n\nOn 6 May 2024, at 10:12, Bo wrote:\n\n> Hi\n")
    assert body_of(outcome) == OWN


def test_the_only_sentence_is_no_signature() -> None:
    own = "Sent from my warehouse to the wrong address."
    assert body_of(plain(f"{own}\n\nOn 6 May 2024, at 10:12, Bo wrote:\n> Hi\n")) == own


def test_separators_are_found_in_repaired_text() -> None:
    broken = "\n\n-----Ursprüngliche Nachricht-----\nalt".encode().decode("cp1252")
    assert body_of(plain(OWN.encode().decode("cp1252") + broken)) == OWN
