"""From a builder's arguments to a frozen unit."""

from collections.abc import Mapping

from mkunit.dsl.draft import Draft, as_unit
from mkunit.dsl.naming import dropin_name, file_name, path_name, sentence, unit_name
from mkunit.dsl.sugar import BY_KIND, COMMON
from mkunit.model.text import percent
from mkunit.model.unit import Entry, Unit

_WHERE = {"mount": "where", "automount": "where", "swap": "what"}  # whose name comes from that path


def build(kind: str, name: object, options: Mapping[str, object]) -> Unit:
    """A whole unit of a kind."""
    path = None
    if kind in _WHERE:
        full, path = path_name(kind, name)
    else:
        full = unit_name(kind, name)
    draft = Draft(kind, full, options)
    if options.get("masked") is not None:
        from mkunit.dsl.masks import is_masked  # few units are, and start-up time is felt

        if is_masked(draft):
            return as_unit(draft, is_masked=True)
    if options.get("description") is None:
        draft.entries.append(Entry("Unit", "Description", sentence(full, path), draft.origin))
    if path is not None:
        _named_after_path(draft, path)
    _fill(draft)
    install = {"WantedBy", "RequiredBy", "UpheldBy"}
    asks = not (draft.unset & install or draft.has(*install))
    return as_unit(draft, asks_install=asks and kind != "slice")


def _named_after_path(draft: Draft, path: str) -> None:
    keyword = _WHERE[draft.kind]
    if draft.options.get(keyword) is None:
        draft.set(keyword, percent(path))


def _fill(draft: Draft) -> None:
    words = COMMON | BY_KIND.get(draft.kind, {})
    for keyword, value in draft.options.items():
        if expansion := words.get(keyword):
            expansion(draft, value)
        elif keyword != "file" or not draft.is_dropin:
            draft.set(keyword, value)


def build_dropin(name: object, options: Mapping[str, object]) -> Unit:
    """A drop-in for a unit that may be anybody's."""
    full = dropin_name(name)
    draft = Draft(full.rpartition(".")[2], full, options, is_dropin=True)
    _fill(draft)
    return as_unit(draft, dropin=file_name(options.get("file"), full))
