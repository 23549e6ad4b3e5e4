"""The author's side: an admin class and form for each kind of post, the tag tools, images and site settings.

Django imports this package to register the admin classes. Only the URL configuration may import it too.
"""

from . import all_posts, images, posts, site, subscribers  # noqa: F401
from .tags import merges, tag_admin  # noqa: F401
