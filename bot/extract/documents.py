"""PDF and Office bodies to Readings, each by its reader. Pure; meant for the child process (bot/child.py)."""

from __future__ import annotations

from bot.errors import ReadError
from bot.model import Reading


def read_document(body: bytes, kind: str) -> Reading:
    """What a document of this kind (pdf, docx, doc, xlsx) says; raises ReadError, also when it says nothing."""
    reading = _read(body, kind)
    if not reading.blocks:
        raise ReadError("empty", "the document holds no text")
    return reading


def _read(body: bytes, kind: str) -> Reading:
    if kind == "pdf":
        from bot.extract.pdf import read_pdf

        return read_pdf(body)
    if kind == "docx":
        from bot.extract.docx import read_docx

        return read_docx(body)
    if kind == "xlsx":
        from bot.extract.xlsx import read_xlsx

        return read_xlsx(body)
    from bot.extract.doc import read_doc

    return read_doc(body)
