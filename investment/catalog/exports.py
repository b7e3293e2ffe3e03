"""Downloads of lists: what they tell beyond the layer, and how a bad address is refused."""

from dataclasses import replace

from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language

from layers.bilingual import Text
from layers.errors import BadParameter
from layers.registry import Declaration, Field, typed_declarations
from layers.serving.exports import formats
from layers.serving.exports.response import export_response
from layers.serving.problem import problem

#: Formats of lists, with what people call them: the API has more.
FORMATS = {
    name: formats.FORMATS[name].title
    for name in ("xlsx", "csv", "kml", "shp", "shp-gbk", "geojson", "gpkg")
}

#: For reading at a desk, too long for a map.
_LONG_TEXTS = {
    "projects": (
        ("background_zh", "项目背景", "Background (Chinese)"),
        ("background_en", "项目背景英文", "Background"),
        ("content_zh", "建设内容", "Content (Chinese)"),
        ("content_en", "建设内容英文", "Content"),
        ("market_zh", "市场分析", "Market (Chinese)"),
        ("market_en", "市场分析英文", "Market"),
    )
}


def download_of(layer: str) -> Declaration:
    """The layer as its downloads hold it."""
    declaration = typed_declarations()[layer]
    texts = _LONG_TEXTS.get(layer, ())
    more = [Field(name=name, label=Text(zh, en), filter=False) for name, zh, en in texts]
    return replace(declaration, fields=(*declaration.fields, *more))


def download(request: HttpRequest, layer: str, records: QuerySet, fmt: str) -> HttpResponse:
    """These records of a layer as a file in the language of the page."""
    return export_response(
        declaration=download_of(layer),
        records=records,
        fmt=fmt,
        stem=layer,
        language=get_language(),
        origin=request.build_absolute_uri("/").removesuffix("/"),
    )


def refusal(request: HttpRequest, problems: list[str]) -> HttpResponse:
    """What in the address could not be read: a page for people, a problem body for programs."""
    if "text/html" in request.headers.get("Accept", ""):
        return render(
            request,
            "400.html",
            {"problems": problems, "back": request.path.rpartition("/")[0] + "/"},
            status=400,
        )
    return problem(400, BadParameter.code, str(BadParameter.title), " ".join(problems))
