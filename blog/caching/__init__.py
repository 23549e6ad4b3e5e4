"""The response cache, the log of changes, and purges of the cache in front.

What a page was made from is gathered below the models, in `blog.database.reads`; this room imports no view.
"""
