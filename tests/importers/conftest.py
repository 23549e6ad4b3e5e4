import pytest

from tests.importers.archives import Archive


@pytest.fixture
def archive(tmp_path):
    """An archive folder, to be filled with rows and loaded."""
    return Archive(tmp_path / "archive")
