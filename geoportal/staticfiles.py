"""Static files with content hashes in their names, ES module imports rewritten with them."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    """Hash modules too; imports must be relative and end in a semicolon to be rewritten."""

    support_js_module_import_aggregation = True
