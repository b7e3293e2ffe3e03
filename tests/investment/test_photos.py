"""Pictures come in the sizes pages use, and only while their owner is public."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import translation
from PIL import Image

from investment.catalog import forms
from investment.catalog.admin import ParkAdmin, ProjectAdmin, SiteAdmin
from investment.catalog.forms import PhotoForm
from investment.catalog.renditions import Rendition
from investment.models import Photo
from tests.factories import make_park, make_project, make_site

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def media(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


def make_photo(size=(2000, 1000), **owner) -> Photo:
    body = BytesIO()
    Image.new("RGB", size, "#1f6f5c").save(body, "JPEG")
    image = SimpleUploadedFile("park.jpg", body.getvalue(), "image/jpeg")
    return Photo.objects.create(image=image, caption_zh="图", caption_en="Picture", **owner)


def opened(response) -> Image.Image:
    return Image.open(BytesIO(b"".join(response.streaming_content)))


@pytest.mark.parametrize(("size", "width"), [("thumb", 480), ("card", 960), ("full", 1600)])
def test_a_picture_is_made_as_small_as_asked(client, size, width):
    photo = make_photo(park=make_park())
    response = client.get(f"/photos/{photo.pk}/{size}")
    assert opened(response).size == (width, width // 2)


def test_a_small_picture_is_not_blown_up(client):
    photo = make_photo((300, 200), park=make_park())
    assert opened(client.get(f"/photos/{photo.pk}/full")).size == (300, 200)


@pytest.mark.parametrize(
    ("accept", "kind"), [("image/webp,*/*", "image/webp"), ("image/png", "image/jpeg")]
)
def test_a_browser_gets_the_format_it_takes(client, accept, kind):
    photo = make_photo(park=make_park())
    response = client.get(f"/photos/{photo.pk}/thumb", headers={"accept": accept})
    assert response["Content-Type"] == kind
    assert f"image/{opened(response).format.lower()}" == kind
    assert "Accept" in response["Vary"]


def test_an_unchanged_picture_is_not_sent_twice(client: Client):
    photo = make_photo(park=make_park())
    etag = client.get(f"/photos/{photo.pk}/thumb")["ETag"]
    again = client.get(f"/photos/{photo.pk}/thumb", headers={"if-none-match": etag})
    assert again.status_code == 304
    assert again["ETag"] == etag


@pytest.mark.parametrize(
    ("make", "owner"), [(make_park, "park"), (make_site, "site"), (make_project, "project")]
)
def test_a_picture_goes_with_its_owner(client, make, owner):
    record = make()
    photo = make_photo(**{owner: record})
    shown = client.get(f"/photos/{photo.pk}/thumb")
    assert shown.status_code == 200
    # No cache may show it without asking.
    assert shown["Cache-Control"] == "public, no-cache"
    type(record).objects.update(state="withdrawn")
    assert client.get(f"/photos/{photo.pk}/thumb").status_code == 404


def test_unknown_sizes_numbers_and_lost_files_are_not_found(client):
    photo = make_photo(park=make_park())
    assert client.get(f"/photos/{photo.pk}/huge").status_code == 404
    assert client.get("/photos/999999/thumb").status_code == 404
    photo.image.storage.delete(photo.image.name)
    assert client.get(f"/photos/{photo.pk}/thumb").status_code == 404


def test_the_address_is_the_same_in_every_language(client):
    photo = make_photo(park=make_park())
    for path in ("/parks/", "/en/parks/", "/parks/beilin-park/", "/en/parks/beilin-park/"):
        assert f'src="/photos/{photo.pk}/' in client.get(path).content.decode()


def test_a_messenger_finds_the_picture(client):
    photo = make_photo(park=make_park())
    html = client.get("/en/parks/beilin-park/").content.decode()
    assert f'og:image" content="http://testserver/photos/{photo.pk}/card"' in html


@pytest.mark.parametrize(
    ("layer", "make"), [("parks", make_park), ("sites", make_site), ("projects", make_project)]
)
def test_a_record_of_a_layer_names_its_first_picture(client, layer, make):
    owner = make()
    address = f"/api/collections/{layer}/items/{owner.slug}"
    bare = client.get(address)
    assert bare.json()["properties"]["photo"] is None
    make_photo(**{layer[:-1]: owner, "order": 2})
    make_photo((30, 20), **{layer[:-1]: owner, "order": 1})
    pictured = client.get(address)
    assert pictured["ETag"] != bare["ETag"]
    assert opened(client.get(pictured.json()["properties"]["photo"])).size == (30, 20)


def body_of(size=(60, 40), kind="JPEG") -> bytes:
    body = BytesIO()
    Image.effect_noise(size, 60).convert("RGB").save(body, kind)
    return body.getvalue()


def test_a_picture_that_cannot_be_read_is_not_found_and_leaves_nothing_behind(client, tmp_path):
    photo = make_photo(park=make_park())
    with photo.image.storage.open(photo.image.name, "wb") as file:
        file.write(body_of((400, 400))[:4000])
    assert client.get(f"/photos/{photo.pk}/thumb").status_code == 404
    assert [*tmp_path.glob("renditions/*")] == []


def test_a_picture_that_cannot_be_written_leaves_nothing_behind(tmp_path, monkeypatch):
    photo = make_photo(park=make_park())

    def full(*_args, **_options):
        raise OSError("no space left")

    monkeypatch.setattr(Image.Image, "save", full)
    with pytest.raises(OSError, match="no space"):
        Rendition(photo.image, "thumb", "jpeg").open()
    assert [*tmp_path.glob("renditions/*")] == []


def refusal(body: bytes, name="park.jpg") -> str:
    """What the form of the administration says about an uploaded picture."""
    texts = {"order": 0, "caption_zh": "图", "caption_en": "Picture"}
    with translation.override("en"):
        form = PhotoForm(texts, {"image": SimpleUploadedFile(name, body)})
        return " ".join(form.errors.get("image", []))


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_whole_pictures_of_the_known_formats_are_taken(kind):
    assert refusal(body_of(kind=kind), f"park.{kind.lower()}") == ""


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (body_of(kind="GIF"), "Only JPEG, PNG and WebP pictures can be shown."),
        (body_of((400, 400))[:4000], "The picture is damaged or not transferred whole."),
    ],
)
def test_pictures_that_could_not_be_shown_are_refused(body, reason):
    assert refusal(body) == reason


def test_pictures_beyond_the_bounds_are_refused(monkeypatch):
    monkeypatch.setattr(forms, "MAX_PIXELS", 1_000_000)
    assert refusal(body_of((1001, 1000))) == "The picture has more than 1 million pixels."
    monkeypatch.setattr(forms, "MAX_BYTES", 1024)
    assert refusal(body_of((400, 400))).startswith("The file is larger than 1.0")


@pytest.mark.parametrize("kind", [ParkAdmin, SiteAdmin, ProjectAdmin])
def test_the_administration_looks_at_every_picture(kind):
    assert next(inline for inline in kind.inlines if inline.model is Photo).form is PhotoForm
