"""The words by which mail clients mark a quoted or forwarded mail, in many languages."""

import re


def words(text: str) -> frozenset[str]:
    """The blank-separated words of a text."""
    return frozenset(text.split())


LABELS: dict[str, frozenset[str]] = {
    "from": words("from von de da od van från fra från от 差出人 送信者 发件人 寄件者 lähettäjä"),
    "date": words(
        "sent date gesendet datum envoyé fecha enviado data inviato verzonden wysłano skickat"
        " sendt dato отправлено дата 送信日時 日時 日付 发送时间 日期 lähetetty"
    )
    | {"envoyé le", "enviado el", "enviado em", "data wysłania"},
    "to": words("to an à a para aan do till til кому 宛先 收件人 vastaanottaja"),
    "copy": words("cc bcc kopie copie copia kopia kopi dw udw копия 抄送"),
    "subject": words(
        "subject betreff objet asunto assunto oggetto onderwerp temat ämne emne тема 件名 主题 aihe"
    ),
}
ROLES = {word: role for role, words in LABELS.items() for word in words}
ORIGINAL = frozenset(
    (
        "original message", "original-nachricht", "originalnachricht", "ursprüngliche nachricht",
        "ursprüngliche mitteilung", "original appointment", "message d'origine",
        "message original", "message initial", "mensaje original", "mensagem original",
        "messaggio originale", "oorspronkelijk bericht", "origineel bericht",
        "oryginalna wiadomość", "wiadomość oryginalna", "ursprungligt meddelande",
        "originalmeddelande", "oprindelig meddelelse", "original besked", "opprinnelig melding",
        "исходное сообщение", "元のメッセージ", "原始邮件",
    )
)  # fmt: skip
FORWARDED = frozenset(
    (
        "forwarded message", "begin forwarded message", "forwarded mail", "forwarded by",
        "weitergeleitete nachricht", "anfang der weitergeleiteten nachricht",
        "beginn der weitergeleiteten nachricht", "message transféré", "message transmis",
        "début du message réexpédié", "début du message transféré", "mensaje reenviado",
        "inicio del mensaje reenviado", "mensagem encaminhada", "messaggio inoltrato",
        "inizio messaggio inoltrato", "doorgestuurd bericht", "begin doorgestuurd bericht",
        "przekazana wiadomość", "wiadomość przekazana", "vidarebefordrat meddelande",
        "vidarebefordrat brev", "videresendt meddelelse", "videresendt besked",
        "пересылаемое сообщение", "пересланное сообщение", "転送されたメッセージ", "转发的邮件",
    )
)  # fmt: skip
VERB = re.compile(
    r"\b(?:wrote|schrieb|a écrit|escribió|escreveu|ha scritto|schreef|napisał(?:\(a\)|a)?"
    r"|skrev|писал|пишет|написала?)\b|写道|書きました|написал\(а\)"
)
OWN_WORDS = re.compile(
    r"\b(?:i|we|me|us|you|ich|wir|mir|uns|ihnen|folgend\w*|following|je|nous|vous|yo|io|nos)\b"
)
STARTER = re.compile(
    r"(?:on|am|le|el|il|op|em|den|på|w dniu|dnia|\d|[\"<]|"
    r"(?:mon|tue|wed|thu|fri|sat|sun|mo|di|mi|do|fr|sa|so)\b)"
)
ABOVE = re.compile(
    r"\W*(?:please |bitte )?(?:reply|type your reply|antwort\w*|répond\w*|responda)\b.{0,60}"
    r"\b(?:above|oberhalb|über|au-dessus|por encima)\b.{0,30}\b(?:line|linie|zeile|ligne|línea)\b"
)
