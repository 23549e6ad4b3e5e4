"""Finding posts: one query language, the same results on both databases.

`results.Search` is what pages and feeds use. Behind it, `query` parses what was typed, `sqlite` and
`postgresql` query their full-text index, and `passages` shows what matched.
"""
