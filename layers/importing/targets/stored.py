"""Records of stored layers: staged and compared in the database, in sets."""

import numpy as np
import shapely

from layers.importing.problems import KEPT_PER_CODE, Problems
from layers.importing.readers.base import BATCH_ROWS
from layers.importing.targets.base import (
    Checked,
    Counts,
    Stamps,
    report_overtaken,
    report_repeated,
)
from layers.models import Layer, StoredFeature
from layers.postgis.fields import SRID
from layers.postgis.staging import StagedRow, Staging
from layers.records.search import search_text


class StoredTarget:
    """A stored layer as the target of an import."""

    def __init__(self, layer: Layer, *, stamps: Stamps, replace: bool, by_content: bool):
        self._layer = layer
        self._stamps = stamps.given()
        self._replace = replace
        self._by_content = by_content
        self._staging = Staging(layer.pk)

    def stage(self, records: list[Checked], problems: Problems) -> None:
        """Copy one batch into the database."""
        if not records:
            return
        shapes = np.array([record.shape for record in records], dtype=object)
        encoded = shapely.to_wkb(
            shapely.set_srid(shapes, SRID), hex=True, include_srid=True, output_dimension=3
        )
        self._staging.copy(
            StagedRow(record.row, record.key, geom, record.values)
            for record, geom in zip(records, encoded, strict=True)
        )

    def compare(self, problems: Problems) -> Counts:
        """Count by verdict; keys made of content are numbered where content repeats."""
        if self._by_content:
            self._staging.number_repeats()
        for row, key, first in self._staging.repeated_keys(KEPT_PER_CODE):
            report_repeated(row, key, first, problems)
        if problems.errors:
            return Counts()
        verdicts = self._staging.compare(self._stamps)
        removed = verdicts.absent if self._replace else 0
        kept = verdicts.absent - removed
        return Counts(verdicts.added, verdicts.changed, verdicts.unchanged, removed, kept)

    def write(self, problems: Problems) -> None:
        """Take over what differs. Search texts are made here and for these records only: pinyin is
        the dearest step, and a record is found also by names that the file does not carry."""
        feature = StoredFeature(layer=self._layer)
        for batch in self._staging.to_write(BATCH_ROWS):
            texts = []
            for row, feature.key, feature.properties in batch:
                texts.append((row, search_text(feature.searchable_texts())))
            self._staging.set_search_texts(texts)
        overtaken = self._staging.overtaken(KEPT_PER_CODE)
        for row, key in overtaken:
            report_overtaken(row, key, problems)
        if overtaken:
            return
        self._staging.write(self._stamps, remove_absent=self._replace)
