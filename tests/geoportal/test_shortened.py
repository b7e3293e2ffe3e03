"""Texts cut for cards end at a word."""

import pytest

from geoportal.pages.templatetags.design import shortened


@pytest.mark.parametrize(
    ("text", "length", "kept"),
    [
        ("Support for green plants", 24, "Support for green plants"),
        ("Support for green plants", 20, "Support for green…"),
        ("Support for, green plants", 14, "Support for…"),
        ("对建设分离蛋白生产线的项目", 8, "对建设分离蛋白…"),
        ("对建设 分离蛋白，生产线的项目", 9, "对建设 分离蛋白…"),
    ],
)
def test_a_text_is_cut_between_words(text, length, kept):
    assert shortened(text, length) == kept
    assert len(kept) <= length
