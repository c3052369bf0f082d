"""Days that bind nobody: of events and their sign-up, of counts and reports, of what was done before or since."""

from __future__ import annotations

import re

from bot.judge.folding import fold
from bot.sieve import Sieved

Span = tuple[int, int]

_EVENT = Sieved(
    r"\b(?:webinar|seminar|workshop|conference|symposium|forum|round ?table|hearing|summit|plenary|lecture|ceremony"
    r"|exhibition|training (?:course|session|day)|info(?:rmation)? (?:session|day)|briefing|event\b(?! of| that)"
    r"|meetings?\b(?! (?:the|these|those|its|their|all))|\w{0,20}(?:veranstaltung|tagung|konferenz|sitzung|schulung"
    r"|gespräch)|séminaire|webinaire|atelier|colloque|conférence|réunion|événement|journée d'|formation|seminario"
    r"|jornada|taller|conferencia|reunión|encuentro|congreso|audiencia|webinário|seminário|oficina|conferência|reunião"
    r"|evento|audiência|convegno|incontr|riunione|conferenza|udienza|bijeenkomst|gesprek|congres|hoorzitting|studiedag"
    r"|hội thảo|hội nghị|tọa đàm|cuộc họp|lokakarya|rapat|pertemuan|pelatihan|конференц|семинар|вебинар|заседани"
    r"|совещани|слушани|форум|чтени[еия]|рассмотрени|toplantı|çalıştay|konferans|etkinlik|duruşma)|ورشة|ندوة|مؤتمر"
    r"|اجتماع|منتدى|فعالية|جلسة|会议|會議|研讨|研討|论坛|論壇|讲座|講座|培训|培訓|沙龙|活动|活動|说明会|說明會|发布会"
    r"|發布會|听证|聽證|座谈|座談|峰会|峰會|公聽|セミナー|説明会|会合|会議|フォーラム|シンポジウム|講演会|研修|간담회"
    r"|설명회|세미나|토론회|공청회|포럼|회의|교육|행사|สัมมนา|ประชุม"
)
_SIGN_UP = Sieved(
    r"\b(?:regist(?:er|ration)|sign(?:ing)? up|enrol|book (?:a|your|now)|rsvp|attend|anmeld|s'inscri|inscri|iscri"
    r"|aanmeld|inschrij|đăng ký|mendaftar|pendaftaran|регистр|зарегистр|kayıt|kaydol)|التسجيل|تسجيل|报名|報名|参会|參會"
    r"|参加申|申込|申し込|참가|신청|등록|ลงทะเบียน"
)
_SOUGHT = Sieved(  # posts, tenders and grants
    r"\b(?:vacanc|job|applica(?:nts?|tions?) for (?:the |a )?(?:posts?|positions?|role|job)|tender|bidders?|bids\b"
    r"|grants?\b(?! (?:of|that|the))|call for proposals|call for papers|scholarship|stellenaus|stellenangebot"
    r"|ausschreibung|vergabe|bewerb|recrutement|appel d'offres|appel à projets|candidatur|poste de|licitaci"
    r"|convocatoria|empleo|licitaç|edital de|vaga\b|gara d'appalto|bando|concorso|vacature|aanbesteding|sollicit"
    r"|tuyển dụng|đấu thầu|lowongan|lelang|вакан|тендер|закупк|ihale|personel alım)|مناقصة|وظيف|توظيف|招聘|招标|招標"
    r"|招募|采购|採購|竞赛|投稿|稿件|征文|採用|公募(?!意見)|入札|채용|입찰|공모(?!전 의견)"
)
_COUNTED = Sieved(
    r"\b(?:had\b(?! (?:to|until|till))|a total of|in total|were (?:received|filed|handled|processed|submitted|lodged)"
    r"|received \d|insgesamt|gingen|eingegangen|verzeichnet|wurden \w+ ?(?:eingereicht|bearbeitet|gezählt)|au total"
    r"|ont été|a reçu|en total|se registr(?:ó|aron)|fueron|se (?:han )?(?:tramit|recibi(?:ó|eron|do)|present(?:ó|aron"
    r"|ado))|recibió|recibieron|sono stati|sono state|pervenut|foram|registraram-se|recebeu|recebidos|in totaal"
    r"|werden (?:\d|er )|ontvangen|поступило|всего|рассмотрено|toplam|(?:yapıl|alın|ulaş)mıştır|tổng cộng|tổng số"
    r"|đã (?:tiếp nhận|nhận được|xử lý)|sebanyak|tercatat|telah menerima)|إجمالي|بلغ|تلقت|共(?:计|計|有|受理|收到|完成"
    r"|办理|接收)|累计|累計|总计|總計|已(?:受理|完成|收到|通过|有|办理)|計\d|件数|総数|累積|총 ?\d|누적|\d+건"
)
_ASKS = Sieved(  # words of a consultation, a filing or a duty, of which a period can be the time
    r"\b(?:comment|feedback|consult|view|respon|submi|contribut|observation|opinion|input|evidence|appl(?:y|ication)"
    r"|deadline|anhör|vernehmlass|stellungnahm|rückmeld|konsult|eingab|einreich|frist|répon|avis|remarque|délai|dépos"
    r"|aportaci|alegaci|comentari|consulta|plazo|observaci|contribui|sugest|prazo|manifesta|contribut|osservazion"
    r"|consultazion|termine|reacti|zienswij|inspraak|reager|góp ý|lấy ý kiến|thời hạn|masukan|konsultasi|tanggapan"
    r"|замечан|предложени|обсужден|отзыв|görüş|öneri|istişare|uwag|konsultac|synpunkt|remiss)|ملاحظات|مرئيات|استطلاع"
    r"|استشارة|آراء|意见|意見|受付|접수|反馈|反饋|征求|徵求|公示|咨询|諮詢|建议|建議|陳述|预告|預告|提交|申报|申報"
    r"|パブリック|パブコメ|募集|提出|의견|예고|제출|ความคิดเห็น"
)
_CONSULTS = Sieved(
    r"\b(?:consultation|comment|feedback|call for (?:evidence|views)|konsultation|anhörung|vernehmlassung|stellungnahm"
    r"|views|objections|submissions?|hear from you|can contribute|may contribute|(?:your|their) input|comentari"
    r"|comentár|rückmeldung|reactie|remarques|aportes|contributos|tanggapan|répon\w+ à la|commentaires|observations"
    r"|consulta|aportaci|alegaci|contributi|consultazion|consultatie|inspraak|góp ý|lấy ý kiến|konsultasi|masukan"
    r"|osservazion|sugest|stellung nehmen|reageren|обсужден|замечан|görüş|konsultacj|remiss|synpunkt|yttrand|зауважен)"
    r"|استطلاع|مرئيات|ملاحظات"
    r"|آراء|الآراء|征求|徵求|征集|公众咨询|パブリックコメント|パブコメ|諮詢|(?<!指导)(?<!实施)(?<!指導)意[见見]|预告"
    r"|預告|公示|입법예고|변경예고|행정예고|의견|รับฟังความคิดเห็น"
)
_DONE = (
    r"(?:signed|concluded|entered into|placed|filed|lodged|submitted|registered|granted|collected|obtained|received"
    r"|transferred|executed|adopted|made|issued|published|geschlossen\w*|abgeschlossen\w*|erhoben\w*|unterzeichnet\w*"
    r"|conclu\w*|signé\w*|collecté\w*|recueilli\w*|transféré\w*|celebrad\w+|firmad\w+|suscrit\w+|recogid\w+"
    r"|recopilad\w+|assinad\w+|coletad\w+|stipulat\w+|conclus\w+|firmat\w+|raccolt\w+|sottoscritt\w+|gesloten"
    r"|ondertekend\w*|verzameld\w*|ký kết|thu thập|ditandatangani|dikumpulkan|заключенн\w+|собранн\w+|подписанн\w+"
    r"|imzalanan|akdedilen|toplanan)"
)
_DONE_BEFORE = re.compile(
    rf"(?<!be )(?<!être )(?<!ser )(?<!essere )(?<!worden )\b{_DONE}(?: \w+){{0,4}} "
    r"(?:before|prior to|bis zum|vor dem|vor|avant le|antes del?|prima del|vóór|voor|trước ngày|sebelum|до|until)"
    r" (?:the |tanggal )?$"
)
_BEFORE_WHOM = re.compile(
    r"\bbefore (?:the )?(?:parliament|congress|senate|house|court|tribunal|committee|board|commission"
    r"|council)\b[^,.;]*$"
)
_SINCE = re.compile(
    r"\bsince (?:(?!,)[^.;]){0,60}?(?:force|effect|commenc\w*|operation|applicab\w*|application)(?: on)? ?$"
    r"|\bdepuis (?:l'|son |leur )(?:entrée en|application|adoption)[^,;.]{0,40}$"
    r"|\bseit (?:dem |der |ihrem |seinem )?(?:inkrafttreten|geltungsbeginn|wirksamwerden)[^,;.]{0,50}$"
    r"|\bdesde (?:la |su |a |sua )(?:entrada e[nm] (?:vigor|vigencia|vigência|aplicación))[^,;.]{0,40}$"
    r"|\bdall(?:'|a sua )entrata in vigore[^,;.]{0,40}$|\bsinds (?:de )?inwerkingtreding[^,;.]{0,40}$"
    r"|\bс(?:о дня| момента| даты) вступления[^,;.]{0,60}$|\bkể từ khi [^,;.]{0,60}$|\bsejak (?:berlakunya"
    r"|diberlakukannya)[^,;.]{0,50}$"
)
_SINCE_BEHIND = re.compile(
    r"[^。；;\n]{0,60}?(?:以来|以來)|[^.。\n]{0,30}?(?:시행|발효|적용)(?:된)? (?:이후|이래)|[^.\n]{0,50}?(?:den|dan"
    r"|nden|ndan) bu yana"
)
_CUT_OFF = re.compile(r"(?:截至|截止到|截至到|截止) ?$|時点$")
_CUT_OFF_BEHIND = re.compile(
    r"(?:底)?[，,、]?[^。；;]{0,30}?(?:共|累|已|总|總|有\d|收到|受理|超过|超過|达到|達到)|(?:現在|時点|기준)"
)
_STATE_OF = re.compile(
    r"(?:по состоянию на|станом на|tính đến(?: hết)?(?: ngày)?|per tanggal|situation au|situación al) ?$"
)
_AS_OF = re.compile(r"\b(?:as (?:of|at)|stand|au|al|per) ?(?:the )?$")
_AS_OF_BEHIND = re.compile(r",? (?:more than |over |some |about |nearly |around |the \w+ (?:had|has|have) )?\d")
_OF_OFFICE = Sieved(
    r"\b(?:ministers?|commission(?:er)?|secretary|board|authority|government|council|regulator|agency)\b[^,.;]{0,60}"
    r"\b(?:review|evaluat|reassess|re-examin)|\b(?:commission|autorité|gouvernement|ministre)\b[^,.;]{0,60}(?:réexamin"
    r"|évalu)"
    r"|\b(?:kommission|bundesrat|behörde|bundesregierung|minister\w*)\b[^.;]{0,80}(?:überprüf|evaluier|evaluation)"
    r"|\b(?:comisión|comissão|commissione|gob?ierno|governo|autorida\w+|autorità)\b[^,.;]{0,60}"
    r"(?:revis|evalu|avali|reexamin|riesamin|valut)|\b(?:commissie|minister|kabinet)\b[^.;]{0,80}(?:evalue|herzie"
    r"|toets)|(?:委员会|委員會|主管部门|主管機關|政府|委員会)[^，。,]{0,30}(?:复审|複審|重新评估|评估|檢討|检视|見直)"
)
_TERM = Sieved(
    r"\b(?:deadline|échéance|date limite|time[ -]limits?"
    r"|(?:comment|consultation|filing|registration|submission|response|transposition)"
    r" period|(?:period|time) (?:for|to) (?:\w+ )?(?:comment|fil|submi|respon|regist|notif|apply|adapt)\w*|window"
    r"|\w*frist(?:en)?|délai(?! de validité)|plazo(?! de (?:vigencia|validez))|prazo(?! de (?:vigência|validade))"
    r"|termine(?! di (?:validità|efficacia))|(?:\w+)?termijn(?! van geldigheid)|termin(?! ważności)"
    r"|срок(?:и|а|ов)?(?! (?:действия|годности))|строк(?:и|у|ів)?(?! (?:дії|чинності))|thời hạn(?! (?:có )?hiệu lực)"
    r"|tenggat|batas waktu|jangka waktu(?! berlaku)|(?<!geçerlilik )(?<!yürürlük )süresi)\b"
    r"|مهلة|الموعد النهائي|ก(?:ำ|ํา)หนดเวลา|(?<!有效)(?<!有効)期限|(?<!有效)时限|(?<!有效)時限"
    r"|(?<!유효)(?<!유효 )기[한간]"
    r"|(?:申报|申報|备案|備案|整改|提交|意见|意見|届出|募集)[的の]?期[间間]"
)
# "… on 28 September 2026 the board passed the rules, which are published now and commence on …", where verbs follow
_PASSED = re.compile(
    r"[^。；;\n]{0,60}?(?:审议|審議|讨论|討論|表决|表決|审核|審查|會議|会议|三讀|讀)(?:并|並)?(?:原则)?(?:通过|通過)"
    r"|[^。；;\n]{0,12}?(?:签署|簽署|批准)"
    r"|[^。；;\n]{0,40}?(?:閣議決定|議決|可決|了承|承認)(?:し|され|を経|後)"
    r"|[^.;\n]{0,60}?(?:심의|의결|통과|국무회의)(?:를|을|하|되|했|됐|된|한|해|·| )"
)


_OF_AN_EARLIER = re.compile(
    r"(?:施行)?的|(?:された|した|の)[^。、]|(?:된|한|했던) ?[^ 바]|(?<=icht)e[nrsm]?\b|(?<=kündet)e[nrsm]?\b"
    r"|(?<=ован)н?(?:ого|ому|ый|ым|ую|ой|ые|ых|ая)\b|(?<=ован)(?:ого|ому|ий|им|у|ої|ої|і|их)\b|(?<=owan)(?:ego|ej|ym|ych|ą)\b"
)
_AMENDS = re.compile(  # "Amendment of the Regulation published on …"; one that "was published" is no part of a name
    r"\b(?:amend|chang|revis|repeal|replac|updat|modif|reform|alter|wijzig|rettif|correct|corrig|delay|postpon|suspend"
    r"|exten|supplement|mise à jour|actualiza|atualiza|aggiorn|derog|abrog|revog)[^.;,:]{0,80}"
    r"(?<!was )(?<!were )(?<!been )(?<!is )(?<!are )(?<!été )(?<!est )(?<!sont )(?<!fue )(?<!sido )(?<!foi )(?<!stata )"
    r"(?<!stato )(?<!è )(?<!werd )(?<!is )$"
)
_STARTS = frozenset({"start on", "starts on", "begin on", "begins on", "will start", "will begin"})
_TALKS = re.compile(
    r"\b(?:consultation|talks|negotiation|round|hearing|conference|meeting|course|survey|enquiry|inquiry|trial"
    r"|applications)\b"
)


def is_sign_up(text: str, sentence: Span, *, about: str = "") -> bool:
    """Whether a sentence names the last day to sign up for an event, or to apply for a post, a tender or a grant."""
    if _SOUGHT.search(text, *sentence) or _SOUGHT.search(about):
        return True
    return bool(_SIGN_UP.search(text, *sentence) and (_EVENT.search(text) or _EVENT.search(about)))


def is_event(text: str, sentence: Span) -> bool:
    """Whether a sentence speaks of a meeting, a hearing or the like."""
    return bool(_EVENT.search(text, *sentence))


def is_counted(text: str, sentence: Span) -> bool:
    """Whether a sentence counts what happened."""
    return bool(_COUNTED.search(text, *sentence))


def asks(text: str, sentence: Span) -> bool:
    """Whether a sentence speaks of a consultation or of something to be handed in."""
    return bool(_ASKS.search(text, *sentence))


def consults(text: str, sentence: Span) -> bool:
    """Whether a sentence speaks of a consultation."""
    return bool(_CONSULTS.search(text, *sentence))


def invites(quote: str) -> bool:
    """Whether a quoted sentence invites views."""
    text = fold(quote).text
    return consults(text, (0, len(text)))


def is_review(text: str, sentence: Span) -> bool:
    """Whether a sentence tells an authority to review something."""
    return bool(_OF_OFFICE.search(text, *sentence))


def is_term(text: str, sentence: Span) -> bool:
    """Whether what ends in a sentence is the time in which to act."""
    return bool(_TERM.search(text, *sentence))


def is_past(text: str, sentence: Span, found: Span) -> bool:
    """Whether a day is one before or since which something was done, or one up to which things are counted."""
    low, high = sentence
    ahead, end = text[max(low, found[0] - 120) : found[0]], found[1]
    return bool(
        _DONE_BEFORE.search(ahead)
        and not consults(text, sentence)
        or _BEFORE_WHOM.search(ahead)
        or _STATE_OF.search(ahead)
        or _SINCE.search(ahead)
        or _SINCE_BEHIND.match(text, end, high)
        or _CUT_OFF.search(ahead)
        and _CUT_OFF_BEHIND.match(text, end, high)
        or _AS_OF.search(ahead)
        and _AS_OF_BEHIND.match(text, end, high)
    )


def passed_before(text: str, end: int, at: int) -> bool:
    """Whether a day that ends at a place is one on which a body passed something, before the words at another."""
    found = _PASSED.match(text, end) if at > end else None
    return found is not None and found.end() <= at


def names_an_act(text: str, said: Span) -> bool:
    """Whether words of publication only tell an earlier act from others ("…公布的《规定》")."""
    ahead = text[max(0, said[0] - 100) : said[0]]
    return bool(_OF_AN_EARLIER.match(text, said[1]) or _AMENDS.search(ahead))


def begins_talks(words: str, text: str, sentence: Span) -> bool:
    """Whether words of beginning speak of talks or a consultation, not of a rule."""
    return words in _STARTS and bool(_TALKS.search(text, *sentence))
