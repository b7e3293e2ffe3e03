"""What parks, sites, projects and their pictures must be before they are kept."""

from django import forms
from django.conf import settings
from django.template.defaultfilters import filesizeformat
from django.utils.translation import gettext as _

from investment.catalog.models import Photo
from investment.catalog.renditions import FORMATS, UnreadablePicture, read_picture
from layers.records.divisions import lies_in
from layers.records.models import District
from layers.records.staff import WithinArea

#: More than a camera of 40 megapixels writes as JPEG at good quality.
MAX_BYTES = 25 * 1024 * 1024
#: Decoded, a pixel takes three bytes and is held twice while it is made smaller.
MAX_PIXELS = 40_000_000


class OfferForm(WithinArea):
    """A park, site or project that lies in the city; nothing is asked while it has no counties."""

    def clean_geom(self):
        geom = super().clean_geom()
        if geom is None or "geom" not in self.changed_data:
            return geom
        if not District.objects.within(settings.CITY_CODE).filter(level="county").exists():
            return geom
        county = District.objects.county_of(geom)
        if not county or not lies_in(county.code, settings.CITY_CODE):
            raise forms.ValidationError(_("This lies outside the city."))
        return geom


class PhotoForm(forms.ModelForm):
    """A picture that can be made smaller later: of a known format, of bearable size, whole."""

    class Meta:
        model = Photo
        fields = ("image", "order", "caption_zh", "caption_en", "credit_zh", "credit_en")

    def clean_image(self):
        image = self.cleaned_data["image"]
        if "image" in self.changed_data:
            _check_size(image)
            _check_content(image)
        return image


def _check_size(image) -> None:
    if image.size > MAX_BYTES:
        limit = filesizeformat(MAX_BYTES)
        raise forms.ValidationError(_("The file is larger than %(limit)s.") % {"limit": limit})


def _check_content(image) -> None:
    # The form field has looked at the head of the file only: a picture may still be cut short.
    if image.image.format not in FORMATS:
        raise forms.ValidationError(_("Only JPEG, PNG and WebP pictures can be shown."))
    width, height = image.image.size
    if width * height > MAX_PIXELS:
        limit = MAX_PIXELS // 1_000_000
        raise forms.ValidationError(
            _("The picture has more than %(limit)d million pixels.") % {"limit": limit}
        )
    image.seek(0)
    try:
        read_picture(image)
    except UnreadablePicture:
        raise forms.ValidationError(_("The picture is damaged or not transferred whole.")) from None
    image.seek(0)
