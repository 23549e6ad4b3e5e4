"""An archive folder is checked before anything is loaded."""

import pytest

from blog.importers.archive_import import read_archive
from blog.importers.sources.archive_folder import UnusableFolder


def reason(folder):
    with pytest.raises(UnusableFolder) as caught:
        read_archive(folder)
    text = str(caught.value)
    assert text.endswith(".")
    assert "\n" not in text
    return text


def test_a_missing_folder_is_rejected(tmp_path):
    assert "nowhere is not a folder" in reason(tmp_path / "nowhere")


def test_a_file_is_rejected(tmp_path):
    (tmp_path / "file").write_text("[]")

    assert "file is not a folder" in reason(tmp_path / "file")


def test_a_folder_without_tables_is_rejected(tmp_path):
    (tmp_path / "holiday.jpg").write_bytes(b"\xff\xd8")

    assert "is not an archive folder" in reason(tmp_path)


def test_a_folder_without_known_tables_is_rejected(archive):
    archive.add("shop_order")

    assert "is not an archive folder" in reason(archive.write())


@pytest.mark.parametrize("ending", ["metadata.json", "ndjson"])
@pytest.mark.parametrize("table", ["blog_note", "blog_beat"])
def test_a_table_with_only_one_of_its_files_is_rejected(archive, table, ending):
    archive.entry()
    archive.add(table)
    missing = archive.write() / f"{table}.{ending}"
    missing.unlink()

    assert f"{missing} is missing" in reason(archive.folder)


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("", "is not JSON"),
        ("{", "is not JSON"),
        ("\x00", "is not JSON"),
        ("[" * 100_000, "is not JSON"),
        ("[]", "does not list the columns"),
        ("{}", "does not list the columns"),
        ('{"columns": "id"}', "does not list the columns"),
        ('{"columns": [{"name": "id"}]}', "does not list the columns"),
        ('{"columns": []}', "lists no columns"),
        ('{"columns": ["id", "created", "id"]}', "or lists one twice"),
        ('{"columns": ["id", "slug"]}', "has no column “created”"),
        ('{"columns": ["created", "slug"]}', "has no column “id”"),
    ],
)
def test_invalid_metadata_is_rejected(archive, text, complaint):
    archive.entry()
    metadata = archive.write() / "blog_entry.metadata.json"
    metadata.write_text(text)

    said = reason(archive.folder)

    assert str(metadata) in said
    assert complaint in said


def test_metadata_in_another_encoding_is_rejected(archive):
    archive.entry()
    (archive.write() / "blog_entry.metadata.json").write_bytes(b'{"columns": ["id", "created", "\xe9"]}')

    assert "is not JSON" in reason(archive.folder)


def test_a_file_without_any_json_array_is_rejected(archive):
    archive.entry()
    (archive.write() / "blog_entry.ndjson").write_bytes(b"\x1f\x8b\x08\x00 a compressed file\n and more\n")

    assert "blog_entry.ndjson has no rows" in reason(archive.folder)


def test_a_folder_in_place_of_a_file_is_rejected(archive):
    archive.entry()
    rows = archive.write() / "blog_entry.ndjson"
    rows.unlink()
    rows.mkdir()

    assert "blog_entry.ndjson cannot be read: Is a directory" in reason(archive.folder)


def test_hidden_and_other_files_are_ignored(archive):
    archive.entry()
    archive.write()
    (archive.folder / "._blog_entry.ndjson").write_bytes(b"\x00\x05\x16\x07")
    (archive.folder / "README.txt").write_text("An archive.")

    assert list(read_archive(archive.folder)) == ["blog_entry"]
