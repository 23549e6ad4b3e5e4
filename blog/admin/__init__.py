"""What the author sees. One class per kind of post, the tags, and the site itself."""

from . import all_posts, images, posts, site, subscribers, tag_merges, tags  # noqa: F401  (each registers its models)
