"""Refusals of jobs."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from layers.errors import LayersError


class UnknownJob(LayersError):
    """No such job, or one whose time is over."""

    status = 404
    code = "unknown-job"
    title = _("No such export")

    def __init__(self):
        super().__init__(gettext("There is no such export, or it has expired; ask for it again."))


class UnfinishedJob(LayersError):
    """The file is not there yet, or never will be."""

    status = 404
    code = "result-not-ready"
    title = _("The file is not ready")

    def __init__(self):
        super().__init__(gettext("The address of the export tells how far it is."))


class TooManyJobs(LayersError):
    """A client has asked for more than is made at once, or the disk is full of exports."""

    status = 429
    code = "too-many-exports"
    title = _("Too many exports")
    #: Seconds after which to ask again.
    wait = 60
