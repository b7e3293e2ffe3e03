"""Which text encoding bytes are in: proven where it can be, weighed where not, else asked.

GB18030, Big5 and Latin-1 all decode nearly any bytes, so decoding without an error proves nothing.
UTF-8 is proven by strict decoding. The Chinese encodings are weighed by how many of the characters
they yield are everyday ones. Labels (.cpg, the DBF language byte, an XML declaration) are hints:
they decide between readings that are otherwise plausible and are never believed against the bytes.
"""

import codecs
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from django.utils.translation import gettext as _

from layers.importing.errors import CallRefused, FileRefused

BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
#: Below this share of everyday characters a reading is noise; real names score 0.6 and more.
PLAUSIBLE = 0.4
#: Two readings closer than this are not told apart by weight; a hint or the person decides.
CLOSE = 0.08
SAMPLE_BYTES = 1 << 20

# The most frequent characters of written Chinese, with those of place names and surveys.
_EVERYDAY_SIMPLIFIED = frozenset(
    "的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主发年动同工也能下过子"
    "说产种面而方后多定行学法所民得经十三之进着等部度家电力里如水化高自二理起小物现实加量都两体制机当"
    "使点从业本去把性好应开它合还因由其些然前外天政四日那社义事平形相全表间样与关各重新线内数正心反你"
    "明看原又么利比或但质气第向道命此变条只没结解问意建月公无系军很情者最立代想已通并提直题党程展五果"
    "料象员革位入常文总次品式活设及管特件长求老头基资边流路级少图山统接知较将组见计别她手角期根论运农"
    "指几九区强放决西被干做必战先回则任取据处队南给色光门即保治北造百规热领七海口东导器压志世金增争济"
    "阶油思术极交受联什认六共权收证改清己美再采转更单风切打白教速花带安场身车例真务具万每目至达走积示"
    "议声报完类八离华名确才科张信马节话米整空元况今集温传土许步群广石记需段研界林律究观织装影算低持音"
    "众书布复容须际商非验连断深难近矿千周素技备半办青省列习响约支般史感劳便团往酸历市克何除消构府称太"
    "准精值号率族维划选标写存候毛亲快效斯院江型眼王按格养易置派层片始却专状育厂京识适属圆包火住调满县"
    "局照参红细引听该铁价严龙飞街镇乡村屯州岛湖河桥站港园林湾浦沟塘坝渠洲岭峰源泉井码址称编注备"
)
_EVERYDAY_TRADITIONAL = frozenset(
    "的一是不了人在有我他這個們中來上大為和國地到以說時要就出會可也你對生能而子那得于著下自之年過發後"
    "作里用道行所然家種事成方多經麼去法學如都同現當沒動面起看定天分還進好小部其些主樣理心她本前開但因"
    "只從想實日軍者意無力它與長把機十民第公此已工使情明性知全三又關點正業外將兩高間由問很最重並物手應"
    "戰向頭文體政美相見被利什二等產或新己制身果加西斯月話合回特代內信表化老給世位次度門任常先海通教兒"
    "原東聲提立及比員解水名真論處走義各入幾口認條平系氣題活爾更別打女變四神總何電數安少報才結反受目太"
    "量再感建務做接必場件計管期市直德資命山金指克許統區保至隊形社便空決治展馬科司五基眼書非則聽白卻界"
    "達光放強即像難且權思王象完設式色路記南品住告類求據程北邊死張該交規萬取拉格望覺術領共確傳師觀清今"
    "切院讓識候帶導爭運縣鄉鎮灣島臺橋廠電園號碼址編備"
)


def _level_one(codec: str, leads: range) -> frozenset[str]:
    pairs = (bytes((lead, trail)) for lead in leads for trail in range(0x40, 0xFF))
    return frozenset("".join(pair.decode(codec, "ignore") for pair in pairs))


# The characters a national standard lists first because schools teach them, and punctuation.
_TAUGHT = {
    "gb18030": _level_one("gb2312", range(0xB0, 0xD8)) | _level_one("gb2312", range(0xA1, 0xA4)),
    "big5": _level_one("big5", range(0xA4, 0xC7)) | _level_one("big5", range(0xA1, 0xA4)),
}
_EVERYDAY = {"gb18030": _EVERYDAY_SIMPLIFIED, "big5": _EVERYDAY_TRADITIONAL}
_SECOND_LIST = {
    "gb18030": _level_one("gb2312", range(0xD8, 0xF8)),
    "big5": _level_one("big5", range(0xC9, 0xFA)),
}
_SINGLE_BYTE = ("cp1252", "latin-1", "iso8859-1", "iso8859-15", "cp1250", "cp1251", "koi8-r")


class Encoding(NamedTuple):
    """A decision: codec name and how it was found (`given`, `proven`, `weighed`, `hint`, …)."""

    name: str
    how: str


def encoding_named(name: str) -> str:
    """The codec for a label a person gave; GBK and GB2312 are read as their superset GB18030."""
    spelled = name.strip().strip("\x00").replace(" ", "")
    spelled = f"cp{spelled}" if spelled.isdigit() else spelled
    try:
        codec = codecs.lookup(spelled).name
    except (LookupError, ValueError):
        raise CallRefused(_("The text encoding “%(name)s” is unknown.") % {"name": name}) from None
    return "gb18030" if codec in {"gbk", "gb2312", "cp936", "hz"} else codec


def encoding_hint(label: str) -> str:
    """The codec a label in a file means, or nothing where it means none."""
    label = label.strip().replace("LDID/", "cp").replace("ANSI", "cp")
    try:
        return encoding_named(label) if label else ""
    except CallRefused:
        return ""


def detect(values: Iterable[bytes], *, hint: str = "") -> Encoding:
    """Decide the encoding of short texts (attribute values, or lines of a file).

    A value may end in the middle of a character, as DBF fields of fixed width do.
    """
    telling = [value for value in values if not value.isascii()]
    if not telling:
        return Encoding("utf-8", "ascii")
    scores = {codec: plausibility(telling, codec) for codec in ("gb18030", "big5")}
    if all(_is_utf8(value) for value in telling) and not _looks_like_chance(telling, hint, scores):
        return Encoding("utf-8", "proven")
    return _weighed(scores, telling, hint)


def _weighed(scores: dict[str, float], telling: list[bytes], hint: str) -> Encoding:
    first, second = sorted(scores, key=scores.get, reverse=True)
    if hint in scores and scores[hint] >= PLAUSIBLE and scores[first] - scores[hint] < CLOSE:
        return Encoding(hint, "hint")
    if scores[first] >= PLAUSIBLE and scores[first] - scores[second] >= CLOSE:
        return Encoding(first, "weighed")
    if hint in _SINGLE_BYTE and scores[first] < PLAUSIBLE:
        return Encoding("cp1252" if hint in ("latin-1", "iso8859-1") else hint, "hint")
    raise FileRefused("encoding-unclear", _unclear(telling))


def _unclear(telling: list[bytes]) -> str:
    sample = max(telling[:200], key=len)[:60]
    readings = "; ".join(
        f"{codec.upper()} “{sample.decode(codec, 'replace')}”"
        for codec in ("utf-8", "gb18030", "big5", "cp1252")
    )
    return _(
        "The text encoding of the file is unclear. The same value reads: %(readings)s. "
        "Say which one is right with --encoding."
    ) % {"readings": readings}


def plausibility(values: list[bytes], codec: str) -> float:
    """Mean weight of the characters outside ASCII: 1 everyday, 0.5 taught, 0.25 rarer, 0 noise."""
    weight = count = 0.0
    for value in values[:2000]:
        for character in value.decode(codec, "replace").rstrip("\ufffd"):
            if character.isascii():
                continue
            count += 1
            if character in _EVERYDAY[codec]:
                weight += 1
            elif character in _TAUGHT[codec]:
                weight += 0.5
            elif character in _SECOND_LIST[codec]:
                weight += 0.25
    return weight / count if count else 0.0


def _is_utf8(value: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(value)
    except UnicodeDecodeError:
        return False
    return True


def _looks_like_chance(telling: list[bytes], hint: str, scores: dict[str, float]) -> bool:
    """Two-byte sequences alone can be GBK by accident; believe a GBK label then."""
    chinese = any(c >= "\u2e80" for v in telling for c in v.decode("utf-8", "ignore"))
    return not chinese and hint == "gb18030" and scores["gb18030"] >= PLAUSIBLE


def detect_file(path: Path, *, given: str = "", hint: str = "") -> Encoding:
    """Decide the encoding of a text file; the whole file is read once to prove UTF-8."""
    if given:
        return Encoding(encoding_named(given), "given")
    with path.open("rb") as file:
        head = file.read(SAMPLE_BYTES)
    for mark, codec in BYTE_ORDER_MARKS:
        if head.startswith(mark):
            return Encoding(codec, "byte-order mark")
    if b"\x00" in head:
        raise FileRefused("not-text", _("The file is not text: it holds bytes that no text has."))
    telling = _lines_outside_utf8(path)
    return detect(telling, hint=hint) if telling else Encoding("utf-8", "proven")


def _lines_outside_utf8(path: Path) -> list[bytes]:
    """Nothing where the file is UTF-8 from end to end, else up to 1 MiB of what is not ASCII."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        try:
            while piece := file.read(SAMPLE_BYTES):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
            return []
        except UnicodeDecodeError:
            # From one line before the offending piece, so that no character starts halfway.
            file.seek(max(0, file.tell() - len(piece) - 4096))
            lines = file.read(SAMPLE_BYTES + 4096).splitlines()
    return [line for line in lines if not line.isascii()]


def decode(value: bytes, codec: str) -> tuple[str, bool]:
    """The text and whether a byte was lost; a last character cut in half is dropped silently."""
    decoder = codecs.getincrementaldecoder(codec)("replace")
    text = decoder.decode(value)
    return text, "\ufffd" in text
