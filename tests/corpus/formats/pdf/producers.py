"""PDF files with known text, made by two tools in the ways in which people make them."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import arabic_reshaper
from bidi.algorithm import get_display
from fpdf import FPDF
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    ListFlowable,
    ListItem,
    PageTemplate,
    Paragraph,
    SimpleDocTemplate,
    Table,
)

_ARABIC_LETTER = re.compile("[\u0620-\u064a]")
FONTS: Final = Path("/usr/share/fonts/truetype/dejavu")
ARABIC: Final = (
    "افتتح الوزير الميناء الجديد يوم 3 مايو 2021 بعد تسع سنوات من العمل، بتكلفة بلغت 40 مليون درهم"
    " (أي 25% من الميزانية).",
    "وقالت منظمة INTERPOL إن 196 دولة عضوا شاركت في الدورة الـ93، من 24 إلى 27 نوفمبر 2025،"
    " عبر منصة I-24/7 الآمنة.",
    "ولأن الأطفال لا يدفعون، فإن الدخول مجاني للأطفال دون 12 سنة؛ أما الآخرون فيؤدون 18,50 درهما في اليوم.",
    "صدر القانون رقم 47/2024 المتعلق بالملاحة «السلامة أولا» في الجريدة الرسمية، الصفحة 112.",
)
FRENCH: Final = (
    "Le conseil municipal a décidé, le 3 mai 2021, de construire un port nouveau pour les bateaux de pêche"
    " et les bacs ; la dépense est estimée à 40 000 000 euros (soit 25 % du budget).",
    "L'inauguration a réuni près de 800 délégués venus de 196 pays. « C'est une fête », a dit la maire,"
    " Mme Dupont-Moretti.",
)


def by_fpdf(texts: Sequence[str], path: Path, *, compress: bool = True) -> Path:
    """Each text as a paragraph; Arabic is drawn from the left, as a tool without shaping does."""
    pdf = FPDF()
    pdf.set_compression(compress)
    pdf.add_font("d", "", FONTS / "DejaVuSans.ttf")
    pdf.add_page()
    pdf.set_font("d", size=11)
    for text in texts:
        pdf.multi_cell(0, 7, text, align="L", new_x="LMARGIN", new_y="NEXT")
        pdf.ln(4)
    pdf.output(str(path))
    return path


def by_reportlab(texts: Sequence[str], path: Path) -> Path:
    """Each text as a paragraph; Arabic is shaped and put in visual order line by line."""
    style = _style("body", "d", 11, alignment=2 if "ا" in texts[0] else 4)
    build(path, [Paragraph(visual(text), style) for text in texts])
    return path


PRODUCERS: Final[dict[str, Callable[[Sequence[str], Path], Path]]] = {
    "fpdf2": by_fpdf,
    "reportlab": by_reportlab,
}


def build(path: Path, parts: list[Flowable], header: str | None = None) -> Path:
    """A document of one column, with a running header and page numbers."""
    on_page = _edges(header)
    SimpleDocTemplate(str(path), pagesize=A4).build(parts, onFirstPage=on_page, onLaterPages=on_page)
    return path


def in_columns(path: Path, parts: list[Flowable], over_both: str) -> Path:
    """A document of two columns below a line that goes over both."""

    def on_page(canvas: Any, document: Any) -> None:
        _edges(None)(canvas, document)
        if document.page == 1:
            canvas.setFont("b", 16)
            canvas.drawString(60, A4[1] - 90, over_both)

    frames = [Frame(60, 60, 230, A4[1] - 200), Frame(305, 60, 230, A4[1] - 200)]
    document = BaseDocTemplate(str(path), pagesize=A4)
    document.addPageTemplates(PageTemplate("two", frames, onPage=on_page))
    document.build(parts)
    return path


def body(text: str) -> Flowable:
    return Paragraph(text, _style("body", "d", 10, alignment=4, space=6))


def heading(text: str, size: int = 12) -> Flowable:
    return Paragraph(text, _style(f"heading{size}", "b", size, space=6))


def bullets(items: Sequence[str]) -> Flowable:
    return ListFlowable([ListItem(body(item)) for item in items], bulletType="bullet")


def table(rows: list[list[str]], *, lines: bool) -> Flowable:
    style = [("FONT", (0, 0), (-1, -1), "d", 9), ("FONT", (0, 0), (-1, 0), "b", 9)]
    top = ("VALIGN", (0, 0), (-1, -1), "TOP")
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black")] if lines else []
    return Table(rows, colWidths=[120] * len(rows[0]), style=[*style, top, *grid])


def _edges(header: str | None) -> Callable[[Any, Any], None]:
    def on_page(canvas: Any, document: Any) -> None:
        register()
        canvas.setFont("d", 8)
        if header:
            canvas.drawString(60, A4[1] - 30, header)
            canvas.drawRightString(A4[0] - 60, 28, f"Page {document.page}")

    return on_page


def _style(name: str, font: str, size: int, *, alignment: int = 0, space: int = 10) -> ParagraphStyle:
    register()
    return ParagraphStyle(
        name, fontName=font, fontSize=size, leading=1.35 * size, alignment=alignment, spaceAfter=space
    )


def register() -> None:
    """Register the fonts: `d`, and bold `b`."""
    for name, file in (("d", "DejaVuSans.ttf"), ("b", "DejaVuSans-Bold.ttf")):
        if name not in pdfmetrics.getRegisteredFontNames():
            pdfmetrics.registerFont(TTFont(name, str(FONTS / file)))


def visual(text: str, width: float = 440) -> str:
    """Arabic as tools draw it that do not know it: shaped, and each line of that width in visual order."""
    if not _ARABIC_LETTER.search(text):
        return text
    register()
    lines = [""]
    for word in text.split():
        longer = f"{lines[-1]} {word}".strip()
        if pdfmetrics.stringWidth(arabic_reshaper.reshape(longer), "d", 11) > width:
            lines.append(word)
        else:
            lines[-1] = longer
    return "<br/>".join(get_display(arabic_reshaper.reshape(line)) for line in lines)
