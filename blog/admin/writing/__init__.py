"""The forms that posts are written in, with preview, publish check, revisions and capture."""
