"""The one module that needs syrupy: where a unit file's snapshot is, which no other snapshot shares."""

from pathlib import Path

from syrupy.data import SnapshotCollections
from syrupy.extensions.single_file import SingleFileSnapshotExtension, WriteMode
from syrupy.location import PyTestLocation
from syrupy.types import SerializedData, SnapshotIndex


class UnitFileExtension(SingleFileSnapshotExtension):
    """A snapshot has the name and the bytes of the unit file; those left over are cases of their own."""

    _write_mode = WriteMode.TEXT

    @classmethod
    def get_location(cls, *, test_location: PyTestLocation, index: SnapshotIndex) -> str:
        """The place that the case names, which pytest's item carries."""
        return str(test_location.item.callspec.params["unit_file"].place)  # type: ignore[attr-defined]  # pytest's own

    @classmethod
    def matches_test_location(cls, *, test_location: PyTestLocation, snapshot_location: str) -> bool:
        """Whether a test's snapshot is at a place."""
        case = getattr(getattr(test_location.item, "callspec", None), "params", {}).get("unit_file")
        return case is not None and str(case.place) == snapshot_location

    def discover_snapshots(
        self, *, test_location: PyTestLocation, ignore_extensions: list[str] | None = None
    ) -> SnapshotCollections:
        """None: which are unused is known from the units, whichever tests were run."""
        return SnapshotCollections()

    @classmethod
    def write_snapshot(
        cls,
        *,
        snapshot_location: str,
        snapshots: list[tuple[SerializedData, PyTestLocation, SnapshotIndex]],
        **more: object,
    ) -> None:
        """The text as it is; syrupy's own way warns of names that do not begin with the test's."""
        place = Path(snapshot_location)
        place.parent.mkdir(parents=True, exist_ok=True)
        for data, _, _ in snapshots:
            place.write_bytes(data if isinstance(data, bytes) else data.encode())
