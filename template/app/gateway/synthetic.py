"""A case to try a model with: the use case's first sample that can be read without intake."""

import email
import email.policy

from pydantic import BaseModel

from app.case import AnyUseCase, Message, Sample, Unusable


def first_case(usecase: AnyUseCase) -> BaseModel | None:
    """The first sample as an input, null when none can be read plainly. Samples are synthetic."""
    for sample in usecase.samples():
        try:
            return _case(usecase, sample)
        except (ValueError, LookupError, Unusable):
            continue  # samples are messy on purpose; the next one may be plain
    return None


def _case(usecase: AnyUseCase, sample: Sample) -> BaseModel:
    media_type = sample.content_type.partition(";")[0].strip().lower()
    if media_type == "application/json":
        case: BaseModel = usecase.input_type.model_validate_json(sample.body)
    elif media_type == "message/rfc822":
        case = usecase.from_message(_mail(sample.body))
    else:
        text = sample.body.decode("utf-8", "replace")
        case = usecase.from_message(Message("", text, "", None, "text", "und"))
    return case


def _mail(body: bytes) -> Message:
    """Raises `LookupError` when the mail has no plain text part."""
    mail = email.message_from_bytes(body, policy=email.policy.default)
    plain = mail.get_body(("plain",))
    if plain is None:
        raise LookupError("no plain text part")
    return Message(mail["subject"] or "", plain.get_content(), "", None, "mail", "und")
