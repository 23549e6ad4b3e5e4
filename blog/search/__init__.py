"""Full-text search: one query language, the same results on both databases.

Pages and feeds use `results.Search` and `parameters.Parameters`. `query` parses the text, `sqlite` and
`postgresql` query their full-text indexes, `passages` marks the matches, `spelling` suggests corrections.
Reads models and the timeline; knows nothing of HTTP responses or templates.
"""
