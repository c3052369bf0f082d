"""A fictional data protection office in Macao: the same instructions in Portuguese and in traditional Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from bot.demo.page import Moment, Page, Publisher, chapters, han, prose
from bot.demo.story import TEN, TWELVE

SOURCES = """
[mo-instructions-pt-demo]
title = "Instructions on transfers of personal data, Portuguese"
authority = "Gabinete de Dados (fictional)"
jurisdiction = "MO"
url = "{base}/pt/instrucoes.html"
type = "page"
language = "pt"
every = "24h"
select = ["#conteudo"]

[mo-instructions-zh-demo]
title = "Instructions on transfers of personal data, Chinese"
authority = "Gabinete de Dados (fictional)"
jurisdiction = "MO"
url = "{base}/zh/instrucoes.html"
type = "page"
language = "zh-Hant"
every = "24h"
select = ["#conteudo"]
"""

FRAME = """<!DOCTYPE html>
<html lang="{language}"><head><meta charset="utf-8"><title>{title} - Gabinete de Dados (fictício)</title></head>
<body><table class="topo"><tr><td><a href="/pt/">Português</a> | <a href="/zh/">中文</a></td>
<td>{clock}</td></tr></table>
<p class="aviso">{notice}</p>
<div id="conteudo"><h1>{title}</h1>
{text}
</div>
<div class="rodape">N.º de visitantes: {visits}</div></body></html>
"""


def site(moment: Moment) -> Mapping[str, Page]:
    """Both languages; the time limit goes from 10 to 12 and back."""
    longer = TWELVE <= moment.day < TEN
    return {
        "/pt/instrucoes.html": page(
            moment, language="pt", title="Instruções sobre a transferência de dados pessoais",
            notice="Sítio fictício: conteúdo escrito para demonstração.",
            text=markup("macao_pt", days="12" if longer else "10", label="Artigo {}.º"),
        ),
        "/zh/instrucoes.html": page(
            moment, language="zh-Hant", title="個人資料轉移指引", notice="虛構網站:內容為示範而編寫。",
            text=markup("macao_zh", days="12" if longer else "10", label="第{}條"),
        ),
    }  # fmt: skip


def page(moment: Moment, *, language: str, title: str, notice: str, text: str) -> Page:
    visits = 55_102 + 2 * moment.asked
    body = FRAME.format(language=language, title=title, notice=notice, text=text, clock=moment.clock, visits=visits)
    return Page(body.encode())


def markup(name: str, *, days: str, label: str) -> str:
    """Chapters and articles, numbered in the manner of the language."""
    count, parts = 0, list[str]()
    for heading, lines in chapters(prose(name)):
        parts.append(f"<h2>{heading}</h2>")
        for line in lines:
            count += 1
            printed = label.format(han(count) if label.startswith("第") else count)
            parts.append(f"<p><b>{printed}</b> {line.format(days=days)}</p>")
    return "\n".join(parts)


PUBLISHER = Publisher("gabinete-dados.fictional.example", SOURCES, site)
