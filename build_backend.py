"""How Prickle is built: only as what points to its checkout.

Its packages are called `bot`, `handlers`, `jobs` and `models`. Copied among those of other programs, they would replace
theirs, or be replaced.
"""

from setuptools.build_meta import (
    build_editable,
    get_requires_for_build_editable,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
)

__all__ = [
    "build_editable",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
]

WORDS = (
    "Prickle is not copied into site-packages: it runs from its checkout, with `make`, or as an image, with `docker build`. "
    "The README says how."
)


def build_wheel(*_args: object, **_more: object) -> str:
    """Refuse, in a sentence."""
    raise SystemExit(WORDS)
