"""Public pages that are rendered once, and given out again until something that readers see has changed.

That they are never old, in any process, rests on one number in the database: see `blog.editions`.
"""
