"""Response cache, site version, and purges of the caches in front.

Views declare their surrogate keys; this room imports no view.
"""
