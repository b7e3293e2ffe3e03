"""Which records answer a question, and which of them the best."""

import operator
from dataclasses import dataclass
from functools import reduce

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Case, F, IntegerField, Q, QuerySet, TextField, Value, When
from django.db.models.functions import Cast, Concat, Lower, Replace

from layers.records.search import pairs_of, plain
from layers.serving.search.codes import codes_matching
from layers.serving.search.question import Question
from layers.serving.search.sources import Source

#: What matched, the best first: the name itself (a place's also without its kind), its beginning
#: in a language or in pinyin, beginnings of any words, parts of words, a code such as the industry.
EXACT, PREFIX, WORD_START, PART, CODE = range(5)
#: What names of divisions and settlements end in, and what people leave out.
_KINDS_ZH = ("市", "区", "县", "镇", "乡", "街道")
_KINDS_EN = (" city", " district", " county", " town", " township", " subdistrict")
#: Fewer pairs of characters say too little to call a record near.
LEAST_PAIRS = 2
#: A word of so many letters is needed to look for likeness: shorter ones are like too many.
LEAST_LETTERS = 4
#: From here on (0 to 1) a word is like another: soybean is like soy, and quartz like nothing.
LEAST_LIKENESS = 0.35


class EveryWord:
    """Records in which every word of the question is found, or that carry its code."""

    def __init__(self, question: Question):
        self._question = question
        self._codes = codes_matching(question.words)

    def among(self, source: Source) -> QuerySet:
        """The records of a source that match, with `hit_rank`, lower for the better."""
        words = zip(self._question.words, self._codes, strict=True)
        held = (Q(search_text__contains=word) | source.with_codes(codes) for word, codes in words)
        chinese, english = (_plain(name) for name in source.names)
        padded = Concat(Value(" "), F("search_text"), Value(" "), output_field=TextField())
        return (
            source.records.filter(*held)
            .alias(hit_lower_zh=chinese, hit_lower_en=english, hit_padded=padded)
            .annotate(hit_rank=self._rank(source.key))
        )

    def _rank(self, key: str) -> Case:
        whole = plain(self._question.text)
        named = (
            Q(hit_lower_zh__in=[whole, *(whole + kind for kind in _KINDS_ZH)]),
            Q(hit_lower_en__in=[whole, *(whole + kind for kind in _KINDS_EN)]),
            Q(**{f"{key}__iexact": whole}),
        )
        # The pinyin of a name follows it in the search text.
        pinyin = Concat(Value(" "), F("hit_lower_zh"), Value(f" {whole}"), output_field=TextField())
        begun = (
            Q(hit_lower_zh__startswith=whole),
            Q(hit_lower_en__startswith=whole),
            Q(hit_padded__contains=pinyin),
        )
        starts = (Q(hit_padded__contains=f" {word}") for word in self._question.words)
        inside = (Q(search_text__contains=word) for word in self._question.words)
        return Case(
            When(Q(*named, _connector=Q.OR), then=EXACT),
            When(Q(*begun, _connector=Q.OR), then=PREFIX),
            When(Q(*starts), then=WORD_START),
            When(Q(*inside), then=PART),
            default=CODE,
            output_field=IntegerField(),
        )


@dataclass(frozen=True)
class MostPairs:
    """Records that hold most pairs of a Chinese phrase: 玉米深加工 finds 玉米加工."""

    pairs: tuple[str, ...]

    def among(self, source: Source) -> QuerySet:
        """The records of a source that match, with `hit_rank`, lower for the better."""
        words = zip(self.pairs, codes_matching(self.pairs), strict=True)
        held = [Q(search_text__contains=pair) | source.with_codes(codes) for pair, codes in words]
        ones = (Case(When(pair, then=1), default=0, output_field=IntegerField()) for pair in held)
        return (
            source.records.alias(hit_held=reduce(operator.add, ones))
            .filter(hit_held__gte=max(LEAST_PAIRS, len(held) // 2))
            .annotate(hit_rank=CODE + len(held) - F("hit_held"))
        )


@dataclass(frozen=True)
class MostLetters:
    """Records with words like those asked for: soybean finds soy, hailin finds Hailun.

    Likeness is that of trigrams, the greatest with any run of letters (pg_trgm), on average over
    the words. The session must take words for alike from LEAST_LIKENESS on: see `alike_from`.
    """

    words: tuple[str, ...]

    def among(self, source: Source) -> QuerySet:
        """The records of a source that match, with `hit_rank`, lower for the better."""
        any_alike = (Q(search_text__trigram_word_similar=word) for word in self.words)
        likeness = (TrigramWordSimilarity(word, "search_text") for word in self.words)
        mean = reduce(operator.add, likeness) / Value(float(len(self.words)))
        unlike = Cast(Value(100.0) - F("hit_alike") * Value(100.0), IntegerField())
        return (
            source.records.filter(Q(*any_alike, _connector=Q.OR))
            .alias(hit_alike=mean)
            .filter(hit_alike__gte=LEAST_LIKENESS)
            .annotate(hit_rank=Value(CODE) + unlike)
        )


def nearest(question: Question) -> MostPairs | MostLetters | None:
    """What may be looked for when nothing holds every word; None: there is too little to go by."""
    pairs = pairs_of(question.words)
    if len(pairs) >= LEAST_PAIRS:
        return MostPairs(pairs)
    words = tuple(word for word in question.words if word.isascii())
    long_enough = any(len(word) >= LEAST_LETTERS for word in words)
    return MostLetters(words) if long_enough and not pairs else None


def _plain(name):
    """As `layers.records.search.plain` makes texts, by the database."""
    return Replace(Lower(name), Value("'"), Value(""), output_field=TextField())
