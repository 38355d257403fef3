"""Static files under names that carry their hash, so that they can be cached for ever."""

from whitenoise.storage import CompressedManifestStaticFilesStorage


class Hashed(CompressedManifestStaticFilesStorage):
    """Hashed names for what has been collected, plain names for what has not (a fresh checkout, the tests)."""

    support_js_module_import_aggregation = True  # imports between modules get the hashed names too
    max_post_process_passes = 20  # a module's name follows from those it imports: one pass for each level of them
    manifest_strict = False

    def stored_name(self, name: str) -> str:
        try:
            return super().stored_name(name)
        except ValueError:
            return name
