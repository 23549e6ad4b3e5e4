"""The forms for writing posts, with preview, publish check, working copies, revisions and capture."""
