"""Pictures of public offers in the sizes pages use."""

from django.db.models import Q
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.cache import get_conditional_response, patch_vary_headers
from django.utils.http import quote_etag
from django.views.decorators.http import require_safe

from investment.catalog.models import Park, Photo, Project, Site
from investment.catalog.renditions import SIZES, Rendition, UnreadablePicture


@require_safe
def photo(request: HttpRequest, pk: int, size: str) -> HttpResponse:
    """A public picture at one of the sizes, as WebP where the browser takes it; else 404."""
    if size not in SIZES:
        raise Http404
    owned = (
        Q(park__in=Park.objects.public())
        | Q(site__in=Site.objects.public())
        | Q(project__in=Project.objects.public())
    )
    picture = get_object_or_404(Photo.objects.filter(owned), pk=pk)
    takes_webp = "image/webp" in request.headers.get("accept", "")
    rendition = Rendition(picture.image, size, "webp" if takes_webp else "jpeg")
    try:
        etag = quote_etag(rendition.version)
        response = get_conditional_response(request, etag=etag) or FileResponse(
            rendition.open(), content_type=rendition.media_type
        )
    except (FileNotFoundError, UnreadablePicture) as lost:
        raise Http404 from lost
    response["ETag"] = etag
    # Kept by browsers, asked for again each time: its owner may be withdrawn at any moment.
    response["Cache-Control"] = "public, no-cache"
    patch_vary_headers(response, ["Accept"])
    return response
