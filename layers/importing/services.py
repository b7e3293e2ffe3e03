"""The import itself: one core for the command and the workbench."""

from dataclasses import dataclass, field
from pathlib import Path

from django.conf import settings
from django.contrib.gis.db.models import Extent
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.translation import gettext as _

from layers.catalog.declarations import code_labels, declaration_for
from layers.importing.creation import NewLayer, layer_create
from layers.importing.crs.decide import Box, Placing, decide
from layers.importing.errors import CallRefused, FileRefused
from layers.importing.identity import LONGEST, choose_key
from layers.importing.intake.workspace import workspace
from layers.importing.mapping import map_fields
from layers.importing.problems import Problems
from layers.importing.readers.base import Batch, Source
from layers.importing.readers.choose import open_source
from layers.importing.report import Report
from layers.importing.shapes import check_shapes
from layers.importing.survey import Survey, survey
from layers.importing.targets.base import Checked, Stamps, Target
from layers.importing.targets.districts import DistrictTarget
from layers.importing.targets.stored import StoredTarget
from layers.importing.targets.typed import TypedTarget
from layers.models import District, Layer
from layers.postgis.staging import one_import_at_a_time
from layers.registry import Declaration, Field
from layers.registry.values import Reader


@dataclass(frozen=True, kw_only=True)
class Options:
    """How a file is to be read; what is empty is found out from the file.

    crs: EPSG:n, GCJ-02, BD-09 or a path of WKT. mapping: file field → dictionary field ("" leaves
    it out). key: a field, or "hash". x, y: columns of a table. swap: x and y change places.
    """

    crs: str = ""
    encoding: str = ""
    source_layer: str = ""
    mapping: dict[str, str] = field(default_factory=dict)
    key: str = ""
    x: str = ""
    y: str = ""
    swap: bool = False


def import_apply(
    *,
    path: Path,
    layer: str,
    create: NewLayer | None = None,
    commit: bool = False,
    options: Options | None = None,
    stamps: Stamps | None = None,
    replace: bool = False,
) -> Report:
    """Check a file against a layer and, with `commit` and without errors, take it over.

    All or nothing, in one transaction. Faults of the file are in the report; a call that cannot be
    carried out raises CallRefused. Importing a file twice changes nothing the second time.
    """
    report = Report(file=path.name, layer=layer)
    run = _Run(report, options or Options(), stamps or Stamps(), replace=replace)
    try:
        with workspace(path) as found, transaction.atomic():
            source = open_source(
                found,
                layer=run.options.source_layer,
                encoding=run.options.encoding,
                x=run.options.x,
                y=run.options.y,
            )
            run.carry_out(source, create)
            report.written = commit and report.ok
            if report.written:
                run.target.write(report.problems)
                report.written = report.ok
            if not report.written:
                transaction.set_rollback(True)
    except FileRefused as refused:
        report.problems.refusal(refused)
        report.written = False
    except (IntegrityError, ProtectedError):
        # Something else changed meanwhile, or other records hang on those to be removed.
        message = _("The records could not be written: other records depend on what would change.")
        report.problems.error("write-refused", message)
        report.written = False
    return report


class _Run:
    """One import on its way: what has been decided so far."""

    target: Target

    def __init__(self, report: Report, options: Options, stamps: Stamps, *, replace: bool):
        self.report = report
        self.options = options
        self.stamps = stamps
        self.replace = replace

    @property
    def problems(self) -> Problems:
        """Where findings go."""
        return self.report.problems

    def carry_out(self, source: Source, create: NewLayer | None) -> None:
        """Survey, decide, check and compare; nothing is written to the layer yet."""
        seen = survey(source, Problems())
        self._describe(source, seen)
        if not seen.rows:
            # The first reading kept its findings to itself; with no row left they are the answer.
            for _batch in source.batches(self.problems):
                pass
            if self.report.ok:
                raise FileRefused("file-empty", _("The file holds no records."))
            return
        placing = self._place(source, seen)
        layer = self._layer(seen, create)
        declaration = declaration_for(layer)
        self._prepare(layer, declaration, seen)
        for batch in source.batches(self.problems):
            self._take(batch, placing, declaration)
        self.report.counts = self.target.compare(self.problems)

    def _describe(self, source: Source, seen: Survey) -> None:
        report = self.report
        report.source_layer, report.format = source.name, source.format.value
        report.encoding, report.encoding_how = source.encoding
        report.samples = {name: known.samples for name, known in seen.fields.items()}

    def _place(self, source: Source, seen: Survey) -> Placing:
        if seen.bounds is None:
            raise FileRefused("geometry-missing", _("No record of the file has a geometry."))
        placing = decide(
            declared=source.crs,
            given=self.options.crs,
            bounds=seen.bounds,
            axes=source.axes,
            city=city_extent(),
            swap=self.options.swap,
            problems=self.problems,
        )
        self.report.crs, self.report.crs_how = placing.system.title, placing.how
        return placing

    def _layer(self, seen: Survey, create: NewLayer | None) -> Layer:
        """The layer meant, made where that is asked for; two imports into it do not cross."""
        one_import_at_a_time(self.report.layer)
        layer = Layer.objects.filter(slug=self.report.layer).first()
        if layer is not None:
            return layer
        if create is None:
            message = _("There is no layer “%(slug)s”. Add --create to make it.")
            raise CallRefused(message % {"slug": self.report.layer})
        self.report.created = True
        published = self.stamps.state in (None, "published")
        return layer_create(slug=self.report.layer, wanted=create, survey=seen, published=published)

    def _prepare(self, layer: Layer, declaration: Declaration, seen: Survey) -> None:
        typed = layer.kind == Layer.Kind.TYPED
        kind = DistrictTarget if layer.slug == "districts" else TypedTarget
        fields = kind.accepts(declaration) if typed else declaration.fields
        self.mapping = map_fields(seen.fields, fields, self.options.mapping, self.problems)
        self.rule = choose_key(
            self.options.key, seen, self.mapping, declaration.key if typed else ""
        )
        self.readers = self._readers()
        if typed:
            self.target = kind(declaration, stamps=self.stamps, replace=self.replace)
        else:
            self._missing_required(fields)
            self.target = StoredTarget(
                layer,
                stamps=self.stamps,
                replace=self.replace,
                by_content=self.rule.by_content,
            )
        self._report_plan(declaration)

    def _readers(self) -> dict[str, Reader]:
        return {
            name: Reader(target, code_labels(target.codes) if target.codes else {})
            for name, target in self.mapping.fields.items()
        }

    def _missing_required(self, fields: tuple[Field, ...]) -> None:
        carried = {target.name for target in self.mapping.fields.values()}
        for target in fields:
            if target.required and target.name not in carried:
                message = _("The layer requires the field “%(name)s”; the file has none like it.")
                self.problems.error(
                    "field-missing", message % {"name": target.name}, field=target.name
                )

    def _report_plan(self, declaration: Declaration) -> None:
        self.report.geometry = declaration.geometry.value
        self.report.fields = {name: f.name for name, f in self.mapping.fields.items()}
        self.report.key = self.rule.field or self.rule.how

    def _take(self, batch: Batch, placing: Placing, declaration: Declaration) -> None:
        self.report.read += len(batch)
        good = check_shapes(batch, placing, declaration.geometry, self.problems)
        records = [
            record
            for row, shape, properties, identity in zip(
                good.rows, good.geometries, good.properties, good.ids, strict=True
            )
            if (record := self._record(row, shape, properties, identity)) is not None
        ]
        self.target.stage(records, self.problems)

    def _record(self, row: int, shape, properties: dict, identity: str | None) -> Checked | None:
        values, faults = {}, []
        for name, reader in self.readers.items():
            value, fault = reader.read(properties.get(name))
            values[reader.field.name] = value
            if fault is not None:
                faults.append((name, fault))
        key = self.rule.key(properties, identity, shape, values)
        for name, fault in faults:
            self.problems.error(fault.code, fault.message, row=row, key=key, field=name)
        if not key or len(key) > LONGEST:
            message = _("The record has no key.") if not key else _("The key is too long.")
            self.problems.error("key-missing", message, row=row, field=self.rule.field)
            return None
        return None if faults else Checked(row, key, shape, values)


def city_extent() -> Box | None:
    """The extent of the city's counties, where they are known."""
    counties = District.objects.within(settings.CITY_CODE)
    return counties.aggregate(extent=Extent("geom"))["extent"]
