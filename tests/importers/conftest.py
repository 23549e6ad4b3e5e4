import pytest

from tests.importers.archives import Archive


@pytest.fixture
def archive(tmp_path):
    """A folder to fill with rows and to load."""
    return Archive(tmp_path / "archive")
