"""Pictures made smaller once and kept (缩略图)."""

import hashlib
import os
import tempfile
from pathlib import Path

from django.conf import settings
from PIL import Image, ImageOps

#: Longest side in pixels.
SIZES = {"thumb": 480, "card": 960, "full": 1600}
_QUALITY = {"webp": 80, "jpeg": 84}
#: What pictures may come as; other readers of Pillow are never tried on what somebody uploaded.
FORMATS = ("JPEG", "PNG", "WEBP")


class UnreadablePicture(Exception):
    """A file that is not a whole picture of one of the formats, or is one beyond all bounds."""


def read_picture(source) -> Image.Image:
    """The picture in an open file, upright and in colour; raises UnreadablePicture."""
    try:
        with Image.open(source, formats=FORMATS) as original:
            return ImageOps.exif_transpose(original).convert("RGB")
    # Readers raise whatever a broken file makes of them: Pillow promises no common error.
    except Exception as error:
        raise UnreadablePicture from error


class Rendition:
    """One picture at one size and format; made when first opened, kept under MEDIA_ROOT."""

    def __init__(self, image, size: str, kind: str):
        self.image, self.size, self.kind = image, size, kind

    @property
    def media_type(self) -> str:
        """The content type."""
        return f"image/{self.kind}"

    @property
    def version(self) -> str:
        """Changes when picture, size or format do; FileNotFoundError if the picture is lost."""
        changed = self.image.storage.get_modified_time(self.image.name).timestamp()
        named = f"{self.image.name}|{changed}|{SIZES[self.size]}|{self.kind}|{_QUALITY[self.kind]}"
        return hashlib.sha256(named.encode()).hexdigest()[:32]

    @property
    def path(self) -> Path:
        """Where it is kept."""
        return Path(settings.MEDIA_ROOT) / "renditions" / f"{self.version}.{self.kind}"

    def open(self):
        """The file, opened for reading; raises UnreadablePicture."""
        path = self.path
        if not path.exists():
            self._make(path)
        return path.open("rb")

    def _make(self, path: Path) -> None:
        with self.image.storage.open(self.image.name) as source:
            picture = read_picture(source)
        picture.thumbnail((SIZES[self.size], SIZES[self.size]), Image.Resampling.LANCZOS)
        path.parent.mkdir(parents=True, exist_ok=True)
        # Written aside and renamed, so that two requests never see half a picture.
        handle, name = tempfile.mkstemp(dir=path.parent)
        try:
            with os.fdopen(handle, "wb") as target:
                picture.save(target, self.kind, quality=_QUALITY[self.kind])
            os.replace(name, path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
