"""Response cache, site version, and purges of caches in front. Views declare their keys; it knows no view."""
