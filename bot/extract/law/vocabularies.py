"""What the elements of the law schemas mean, as tables: local name in lower case -> role. Pure.

Roles: *division* (a heading and what stands under it), *group* (a heading over one numbered unit), *unit* (numbered
text), *number*, *shown* (the number as printed, where the schema also gives a bare one), *title*, *head* (holds number
and title), *heading* (a line of its own), *rung* (a heading that ranks by its number), *norm* (a flat record of
gesetze-im-internet), *inline*, *column*, *raised*, *break*, *pieces* (text with item lines or scraps of HTML), *row*,
*note* (a foot-note within a sentence), *notes* (a collection of notes), *about* (metadata, one line for each child),
*mark* (metadata, one line), *quoted* (what an amendment puts into another law), *skip*, and *block* for"
" everything else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

_LOOKED_AT = 400  # elements among which the mark of a schema is searched


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """One schema. `roots` are names of which one must stand at or near the top."""

    name: str
    roots: frozenset[str]
    roles: Mapping[str, str]
    printed: Mapping[str, str] = field(default_factory=dict)  # unit -> how its bare number is printed
    states: Mapping[str, frozenset[str]] = field(default_factory=dict)  # attribute -> values that say nothing
    named: Mapping[str, tuple[str, str]] = field(default_factory=dict)  # element -> attribute, form around its heading
    articles: Mapping[str, str] = field(default_factory=dict)  # unit -> units below that make it a heading
    dated: Mapping[str, str] = field(default_factory=dict)  # element -> attribute that says which version it is

    def role(self, name: str, parent: str) -> str:
        return self.roles.get(f"{parent}/{name}") or self.roles.get(name, "block")


def vocabulary_of(root: Any) -> Vocabulary | None:
    """The schema that an XML law text follows, None for an unknown one."""
    from itertools import islice

    names = {local(element) for element in islice(root.iter(), _LOOKED_AT)}
    return next((known for known in VOCABULARIES if known.roots & names), None)


def local(element: Any) -> str:
    """The name of an element without its namespace, in lower case; "" for comments and the like."""
    tag = element.tag
    return tag.rpartition("}")[2].lower() if isinstance(tag, str) else ""


def _roles(**names: str) -> Mapping[str, str]:
    return MappingProxyType({name: role for role, words in names.items() for name in words.split()})


_HTML = {"row": "tr row", "break": "br eol", "raised": "sup superior superscript"}

# The National Archives, Crown Legislation Markup Language: https://legislation.github.io/clml-schema/
_CLML = Vocabulary(
    "clml",
    frozenset({"legislation", "primaryprelims", "secondaryprelims", "euprelims"}),
    _roles(
        **_HTML,
        division="part chapter pblock psubblock schedule eupart eutitle euchapter eusection eusubsection division"
        " appendix abstract attachment form",
        group="p1group",
        unit="p1 p2 p3 p4 p5 p6 p7",
        number="number pnumber",
        title="title subtitle",
        head="titleblock",
        heading="primaryprelims/title secondaryprelims/title euprelims/title",
        block="primaryprelims/number secondaryprelims/number euprelims/number",
        inline="emphasis strong underline smallcaps inferior citation citationsubref acronym abbreviation"
        " definition term"
        " addition substitution repeal internallink externallink span inlineamendment proviso uppercase expanded",
        column="character",
        skip="contents commentaryref footnoteref marginnoteref image resources modified link alternatives statistics"
        " unappliedeffects",
        about="metadata primarymetadata secondarymetadata eumetadata documentclassification",
        notes="commentaries footnotes marginnotes explanatorynotes earlierorders",
        quoted="blockamendment blockextract",
    ),
    printed=MappingProxyType({f"p{rank}": "({})" for rank in range(2, 8)}),
    states=MappingProxyType({"Status": frozenset()}),
    articles=MappingProxyType({"p1": "p2"}),
)

# Federal Ministry of Justice: https://www.gesetze-im-internet.de/dtd/1.01/gii-norm.dtd
_GII = Vocabulary(
    "gii",
    frozenset({"dokumente"}),
    _roles(
        **_HTML,
        norm="norm",
        number="dt",
        heading="langue text/title content/title ident",
        inline="b i u f small sub strike rec fnarea quoter",
        column="entry",
        skip="jurabk amtabk toc kommentar img file noindex fnr builddate",
        mark="ausfertigung-datum fundstelle standangabe kurzue",
        note="fnz",
        notes="fussnoten footnotes",
        head="metadaten gliederungseinheit enbez titel",
    ),
)

# Digital Agency, e-Gov law XML (XMLSchemaForJapaneseLaw_v3.xsd); version 2 of the API wraps it once more
_EGOV = Vocabulary(
    "egov",
    frozenset({"lawbody", "mainprovision"}),
    _roles(
        row="tablerow tableheaderrow",
        raised="sup",
        division="part chapter section subsection division article supplprovision appdxtable appdxnote"
        " appdxstyle appdx appdxfig"
        " appdxformat supplprovisionappdxtable supplprovisionappdxstyle supplprovisionappdx remarks notestruct",
        unit="paragraph item " + " ".join(f"subitem{rank}" for rank in range(1, 11)),
        number="articletitle paragraphnum itemtitle arithformulanum "
        + " ".join(f"subitem{rank}title" for rank in range(1, 11)),
        title="parttitle chaptertitle sectiontitle subsectiontitle divisiontitle articlecaption paragraphcaption"
        " supplprovisionlabel appdxtabletitle appdxnotetitle appdxstyletitle appdxtitle appdxfigtitle"
        " appdxformattitle"
        " supplprovisionappdxtabletitle supplprovisionappdxstyletitle remarkslabel notestructtitle",
        heading="lawtitle tablestructtitle figstructtitle",
        inline="sentence ruby line sub quotestruct arithformula relatedarticlenum",
        column="column tablecolumn tableheadercolumn",
        skip="toc rt fig result lawid updated",
        about="law_info revision_info",
        mark="lawnum",
        quoted="newprovision amendprovision",
    ),
    named=MappingProxyType({"supplprovision": ("AmendLawNum", "{head}（{name}）")}),
)

_HIERARCHY = "book tome part subpart title subtitle chapter subchapter section article rule subrule division"
" subdivision level hcontainer"

# OASIS LegalDocML (Akoma Ntoso 1.0, 2.0 and 3.0): https://docs.oasis-open.org/legaldocml/akn-core/v1.0/
_AKN = Vocabulary(
    "akn",
    frozenset({"akomantoso"}),
    _roles(
        **_HTML,
        division=f"{_HIERARCHY} attachment annex appendix schedule recitals",
        unit="subsection paragraph subparagraph clause subclause point indent item alinea proviso recital"
        " transitional list",
        number="num",
        title="heading subheading",
        heading="doctitle crossheading",
        inline="b i u em strong span sub a ref mref rref ins inline def term abbr doctype docnumber docdate"
        " docproponent"
        " shorttitle person role organization concept object event location process quantity date time entity"
        " quotedtext mod"
        " mmod rmod placeholder docstage docstatus docpurpose docauthority doccommittee docintroducer docketnumber"
        " docjurisdiction docreference affectdocument extracttext extractstructure relateddocument change"
        " fillin decoration"
        " neutralcitation party judge lawyer signature legislature session vote outcome opinion argument courttype",
        column="td th",
        skip="toc noteref eop marker img del meta/references componentref documentref",
        about="meta",
        note="authorialnote editorialnote remark",
        notes="notes",
        quoted="quotedstructure embeddedstructure",
    ),
)

# Office of the Law Revision Counsel, United States Legislative Markup: https://github.com/usgpo/uslm
_USLM = Vocabulary(
    "uslm",
    frozenset({"uscdoc", "lawdoc", "plaw", "uslm", "statutesatlarge", "statutecompilation", "legis-body", "legisbody"}),
    _roles(
        **_HTML,
        division=f"{_HIERARCHY} courtrule courtrules reorganizationplan compiledact preliminary".replace(
            "hcontainer", ""
        ),
        unit="subsection paragraph subparagraph clause subclause item subitem subsubitem",
        number="num enum",
        title="heading subheading header",
        inline="b i u em strong span sub a ref date term inline shorttitle quotedtext amendingaction"
        " external-xref internal-xref quote short-title act-name",
        column="td th column entry",
        skip="toc page sidenote img footnoteref",
        about="meta",
        note="footnote",
        notes="notes note sourcecredit editorialcontent",
        quoted="quotedcontent quoted-block",
        heading="official-title longtitle doctitle",
    ),
)

# GPO, the Code of Federal Regulations in XML: https://www.ecfr.gov/developers (full/{date}/title-{n}.xml)
_ECFR = Vocabulary(
    "ecfr",
    frozenset({"ecfr", "cfrgranule", "div5", "div6", "div8"}),
    _roles(
        **_HTML,
        division=" ".join(f"div{rank}" for rank in range(1, 10)),
        title="head",
        heading="hd1 hd2 hd3 hed subject",
        inline="i b e su sub ac fr xref strong em a",
        column="td th ent",
        skip="img contents chaptitoc",
        notes="auth source cita ednote secauth effdnot crossref appro amddate volume parauth",
        note="ftnt",
    ),
)

# Riigi Teataja: http://xmlr.eesti.ee/xml/schemas/oigusakt/
_ESTONIA = Vocabulary(
    "oigusakt",
    frozenset({"oigusakt"}),
    _roles(
        row="tr row",
        raised="sup",
        **{"break": "br reavahetus"},
        division="osa peatykk jagu jaotis alljaotis paragrahv lisaviide",
        unit="loige alampunkt punkt",
        number="osanr peatykknr jagunr jaotisnr alljaotisnr paragrahvnr loigenr alampunktnr punktnr",
        shown="kuvatavnr",
        title="osapealkiri peatykkpealkiri jagupealkiri jaotispealkiri alljaotispealkiri paragrahvpealkiri",
        heading="pealkiri",
        inline="viide kuvatavtekst b i u em strong sub a",
        pieces="htmlkonteiner",
        skip="skeeminimi globaalid metaandmedversioon metaandmedversioonkuupaev metaandmedversioonpohjustaja"
        " terviktekstigrupiid dokumentversioon dokumentversioonkuupaev dokumentetapp eesmark",
        about="metaandmed",
        mark="muutmismarge normtehmarkus",
    ),
    printed=MappingProxyType({"paragrahv": "§ {}.", "loige": "({})", "alampunkt": "{})", "punkt": "{})"}),
)

# KOOP, Basiswettenbestand: https://repository.officiele-overheidspublicaties.nl/Schema/BWB-toestand/
_NETHERLANDS = Vocabulary(
    "bwb",
    frozenset({"toestand", "wet-besluit", "regeling-tekst"}),
    _roles(
        **_HTML,
        division="boek deel hoofdstuk titeldeel afdeling paragraaf subparagraaf sub-paragraaf artikel bijlage"
        " circulaire.divisie"
        " divisie",
        unit="lid li",
        number="lidnr li.nr label nr",
        title="titel subtitel",
        head="kop",
        heading="citeertitel",
        inline="nadruk extref intref extref-groep intref-groep inf unl naam voornaam achternaam organisatie"
        " functie plaats datum",
        column="entry",
        skip="bwb-inputbestand bwb-wijzigingen redactionele-correcties meta-data jcis plaatje illustratie",
        note="noot",
        notes="redactie wetgeving-noten",
    ),
)

# Ministry of Justice, 全國法規資料庫: https://law.moj.gov.tw
_TAIWAN = Vocabulary(
    "moj",
    frozenset({"法規"}),
    _roles(
        rung="編章節",
        division="條文",
        number="條號",
        heading="法規名稱",
        pieces="條文內容 前言",
        skip="是否英譯註記",
        mark="法規性質 法規網址 法規類別 最新異動日期 生效日期 生效內容 廢止註記 英文法規名稱 附件",
        notes="沿革內容 法規沿革",
    ),
)

# Biblioteca del Congreso Nacional: https://www.leychile.cl/esquemas
_CHILE = Vocabulary(
    "leychile",
    frozenset({"estructurasfuncionales"}),
    _roles(
        division="estructurafuncional",
        number="nombreparte",
        title="tituloparte",
        head="estructurafuncional/metadatos",
        heading="titulonorma",
        pieces="texto",
        about="identificador",
        mark="materias nombresusocomun identificacionfuente numerofuente",
    ),
    states=MappingProxyType({"derogado": frozenset({"no derogado"}), "transitorio": frozenset({"no transitorio"})}),
    named=MappingProxyType({"estructurafuncional": ("tipoParte", "{name} {head}")}),
    dated=MappingProxyType({"norma": "fechaVersion"}),
)

VOCABULARIES = (_AKN, _CLML, _GII, _EGOV, _USLM, _ECFR, _ESTONIA, _NETHERLANDS, _TAIWAN, _CHILE)
