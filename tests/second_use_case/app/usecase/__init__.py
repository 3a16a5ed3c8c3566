"""YOURS: reads three fields from the text of an invoice."""

from app.usecase.invoice import InvoiceFields

USE_CASE = InvoiceFields()
