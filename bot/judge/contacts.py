"""What only says where and when to reach somebody, or counts visits: telephone, room, address, opening hours, views."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from bot.judge.tokens import has_unit

Span = tuple[int, int, int, int]

_AHEAD = 120  # characters before a number in which the word for what it is stands
_NEAR = 300  # characters on either side of a number among which an address or telephone number holds it
_ALTERED = 3_000  # characters of altered stretches that may be nothing but contacts
_LINE = 200  # characters of the longest line that is nothing but a contact
_RE_END = re.compile(r"[。；;\n!?！？]")
_PHONE = (  # words for a telephone, a fax or a line that answers
    r"\b(?:tele)?phones?\b|\bph\b|\bt[eé]l(?:[eé]ph?on\w*|epon)?\b|\bfax\w*|\bhotline|\bhelpline"
    r"|\bmobile\b|\bcall (?:us|centre|center)|\bext(?:ension|\.)|\bdurchwahl|\brufnummer|\bcentralino|\bnumero verde"
    r"|\bstandard téléphonique|\binfolin\w+|\bтел(?:\.|ефон\w*)|\bфакс\w*|\bгаряч\w+ ліні|\bгоряч\w+ лини|\bhattı\b"
    r"|\bhat\b|\bdahili\b|điện thoại|đường dây nóng|\bhubungi\b|טלפון|פקס"
    r"|هاتف|الهاتف|فاكس|جوال|电话|電話|热线|熱線|专线|專線"
    r"|传真|傳真|内線|전화|팩스|콜센터|โทร|दूरभाष|फोन|टेलीफोन|問い?合わ?せ先?|聯絡|联系方式|联系人|문의"
)
_ROOM = (
    r"\b(?:room|rm|suite|floor|zimmer|raum|etage|salle|pi[eè]ce|bureau|piso|sala|stanza|kamer|pok[oó]j|rum|кабинет"
    r"|кабінет|oda|phòng|ruang)"
)
_UNIT = r"\b(?:unit|referat|unité|unidad|unidade|unità|eenheid|enhet|отдел|wydział)"
_POST = (
    r"\bp\.? ?o\.? box|\bpostfach|\bb\.?p\.|\bcedex|\bpost ?codes?|\bzip(?: code)?|\bpostal code|\bplz|\bpostleitzahl"
    r"|\bcode postal|\bc[óo]digo postal|\bcep\b|\bcap\b|\bkod pocztowy|\bpostnummer|\bиндекс|\bіндекс|\bposta kodu"
    r"|\bkode pos|邮编|邮政编码|郵遞區號|〒|우편번호|الرمز البريدي|صندوق بريد|รหัสไปรษณีย์|पिन कोड"
)
_HOURS = (  # when a door or a line is open
    r"\b(?:opening|office|business|service|visiting|telephone|phone|hotline|helpline) hours|\bopen (?:daily|from|mon)"
    r"|\böffnungszeiten|\bsprechzeiten|\bservicezeiten|\berreichbar|\bheures d'ouverture|\bhoraires?\b"
    r"|\bhorario\b|\bhorário\b|\borari?o?\b|\bopeningstijden|\bbereikbaar|\bgodziny (?:otwarcia|pracy|urzędowania)"
    r"|\böppettider|\btelefontid|\bчас[ыі] (?:работы|приема)|\bрежим работы|\bграфик (?:работы|приема)|\bграфік|"
    r"\bгодини роботи|\bçalışma saatleri|\bmesai|giờ làm việc|thời gian làm việc|\bjam (?:kerja|layanan|operasional|"
    r"buka)|(?:أوقات|ساعات) (?:العمل|الدوام)"
    r"|(?:办公|工作|开放|服务|咨询|辦公|服務|開放|受理)(?:时间|時間)|(?:受付|営業|開庁)時間"
    r"|(?:운영|업무|근무|상담)\s?시간|เวลาทำการ|कार्यालय समय|שעות (?:פעילות|קבלה|פתיחה)|\bwaktu (?:operasi|pejabat)"
)
_VIEWS = (
    r"\b(?:page ?)?(?:views|visits|visitors|hits|downloads)\b|\b(?:seiten)?aufrufe|\bvues\b|\bvisitas\b|\bvisualiza\w+"
    r"|\bvisualizzazioni|\bweergaven|\bwyświetle\w+|\bodsłon\w*|\bvisningar|\bпросмотр\w*|\bперегляд\w*"
    r"|\bgörüntülen\w+|lượt xem|\bdilihat|مشاهد(?:ة|ات)|زيار(?:ة|ات)"
    r"|(?:浏览|阅读|点击|访问|瀏覽|點閱|点阅|閲覧|アクセス)(?:次数|次數|量|数|數|率)|조회\s?수?|ผู้เข้าชม|จำนวนการเข้าชม"
)
_GAZETTE = (
    r"(?:\bofficial journal|\bamtsblatts?|\bjournal officiel|\b(?:diario|boletín) oficial(?: del estado)?"
    r"|\bgazzetta ufficiale|\bdiário (?:oficial|da república)|\bpublicatieblad|\bdziennik\w* (?:urzędow\w+|ustaw)"
    r"|\bdz\. ?u|\bofficial gazette|\bgazette|\bfederal register|\bresm[iî] gazete|\bcông báo"
    r"|\b(?:berita|lembaran) negara|الجريدة الرسمية|官报|官報|公报|관보|राजपत्र|ราชกิจจานุเบกษา)"
    r"(?: of the european union| der europäischen union| de l'union européenne)?"
    r"[\s,.:№()/-]*(?:\b(?:series|no|nr|n|vol|volume|issue|l|c|i{1,3}|sayı|số|nomor|номер|第)\b[\s.,:º°]*|(?>\d[\d./]*)[\s,]*)*$"
)
_RUN = re.compile(r"[+(]?\d[\d ()./+–-]{5,}\d")  # a telephone number, however it is grouped
_GROUPED = re.compile(r"\d{1,3}(?:[ .,]\d{3})+|\d+[./]\d+(?:[./]\d+)?|(?:19|20)\d{2}-\d{1,2}-\d{1,2}")
_CLOCK = re.compile(r"\d{1,2}[:.h]\d{2}|\b\d{1,2} ?(?:am|pm|a\.m|p\.m|uhr|h)\b|[0-9]{1,2}[時时点點시]")
_LED = re.compile(  # how a line begins that says where somebody is reached
    r"^[\W\d]*(?:contact(?: us| details| person| point)?|kontakt\w*|ansprech\w+|adress[e]?|address|anschrift|contacto"
    r"|contatt[oi]|contato|direcci[oó]n|domicilio|endereço|indirizzo|adres|iletişim|liên hệ|địa chỉ|kontak|alamat"
    r"|hubungi|контакт\w*|адреса?|संपर्क|पता|ติดต่อ\w*|ที่อยู่|联系(?:人|方式|地址|我们)?|聯絡(?:人|方式|地址)?"
    r"|聯繫\w{0,2}|地址|住所|(?:お?問い?合わ?せ|連絡)先?|所在地|담당자|연락처|문의처?|주소|للتواصل|العنوان|יצירת קשר"
    r"|כתובת)\b[^:：]{0,30}[:：]",
    re.IGNORECASE,
)
_OPEN = re.compile(  # from one hour to another: 9-15 Uhr, 9:00–17:00, 9am to 5pm, 9時から17時
    r"\d{1,2}(?:[:.]\d{2}| ?[ap]\.?m\.?| ?h(?:\d{2})?| ?uhr|[時时点點시](?:\d{1,2}[分분]|半)?)?"
    r" ?(?:[-–—~〜～至]|to|bis|à|a|às|alle|tot|do|до|から|부터|sampai|đến) ?"
    r"\d{1,2}(?::\d{2}|\.\d{2} ?(?:uhr|h\b|[ap]m)| ?[ap]\.?m\b| ?h(?:\d{2})?\b| ?uhr\b|[時时点點시])",
    re.IGNORECASE,
)
_MAIL = re.compile(r"[^\s@]{1,80}@\S+|https?://\S+|www\.\S+")  # bounded: a blob of letters costs what it is long
_CODE = r"[\s:.]*(?:no\.?\s?)?[a-z]{0,3}[.-]?$"  # of a room or unit, up to its figures


def is_contact(text: str, start: int, end: int) -> bool:
    """Whether the number at these places is that of a telephone, a room, a gazette, or counts visits to a page."""
    low = max((match.end() for match in _RE_END.finditer(text, max(0, start - _AHEAD), start)), default=start - _AHEAD)
    ahead, behind = text[max(0, low) : start].lower(), text[end : end + 20].lower()
    begin = max(0, start - _NEAR)
    near = text[begin : end + _NEAR]
    if any(match.start() <= start - begin < match.end() for match in _addresses(near)):
        return True
    if _search(f"(?:{_ROOM}|{_UNIT}){_CODE}|(?:{_POST})[\\s:]*$|{_GAZETTE}|(?:©|copyright|\\(c\\))[\\s\\d–-]*$", ahead):
        return True
    if len(text) <= _LINE and _LED.match(text) and not has_unit(text, end):
        return True
    if _search(rf"^\s?(?:{_VIEWS})", behind) or _search(rf"(?:{_VIEWS})[^.,]*$", ahead):
        return True
    answered = _search(rf"(?:{_PHONE})(?:[^,。\n]*[:：])?[\s\d()+./:：°-]*$", ahead)
    return bool(answered or _search(_HOURS, ahead)) and not has_unit(text, end)


def only_contacts(old: str, new: str, spans: Sequence[Span]) -> bool:
    """Whether two passages differ in nothing but such numbers and addresses."""
    if sum(span[1] - span[0] + span[3] - span[2] for span in spans) > _ALTERED:
        return False
    mails = _mails(old), _mails(new)
    sides = (
        (_beside(old, low, high, mails=mails[0]), _beside(new, low2, high2, mails=mails[1]))
        for low, high, low2, high2 in spans
    )
    return bool(spans) and all(was is not None and was == now for was, now in sides)


def is_contact_line(text: str) -> bool:
    """Whether a short passage is nothing but a way to reach somebody: it holds a number or address, and no sentence."""
    if len(text) > _LINE or _LED.match(text):
        return len(text) <= _LINE
    reached = _MAIL.search(text) or any(is_contact(text, *match.span()) for match in re.finditer(r"\d+", text))
    clock = _CLOCK.search(text.lower()) and _search(_HOURS, text.lower())
    return bool(reached or clock) and bool(_search(f"{_PHONE}|{_HOURS}|{_VIEWS}", text.lower()))


def _mails(text: str) -> list[tuple[int, int]]:
    """Where the addresses of mail and pages stand in a text."""
    if not any(mark in text for mark in ("@", "://", "www.")):
        return []
    return [match.span() for match in _MAIL.finditer(text)]


def _beside(text: str, low: int, high: int, *, mails: Sequence[tuple[int, int]]) -> str | None:
    """What stands in a stretch beside such numbers and addresses; None where another number does."""
    if any(start <= low and high <= end for start, end in mails):
        return ""
    while low > 0 and text[low - 1].isdigit():
        low -= 1
    while high < len(text) and text[high].isdigit():
        high += 1
    figures = [match.span() for match in re.finditer(r"\d+", text[low:high])]
    told = figures and all(is_contact(text, low + a, low + b) for a, b in figures)
    return re.sub(r"[\d\W_]|\b[a-zA-Z]\b|\b[ap]m\b", "", text[low:high]) if told else None


def _addresses(text: str) -> list[re.Match[str]]:
    """The addresses, hours and telephone numbers of a text: these long enough, no large number and no day."""
    found = (match for match in _RUN.finditer(text) if not _GROUPED.fullmatch(match[0].strip(" ()")))
    dialled = [match for match in found if 7 <= sum(map(str.isdigit, match[0])) <= 15 and _is_dialled(match[0])]
    return [*_MAIL.finditer(text), *_OPEN.finditer(text), *dialled]


def _is_dialled(said: str) -> bool:
    return said[0] in "+(0" or said.count("-") + said.count(" ") >= 2 and not re.search(r"[./]", said)


def _search(pattern: str, text: str) -> re.Match[str] | None:
    return _pattern(pattern).search(text)


@cache
def _pattern(text: str) -> re.Pattern[str]:
    return re.compile(text)
