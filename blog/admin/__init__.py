"""What the author sees: one class per kind of post, the forms they are written in, the tags, and the site
itself.

Django imports this package to register the classes. Nothing outside of it and the URL configuration may
import it.
"""

from . import all_posts, images, posts, site, subscribers  # noqa: F401
from .tags import merges, tag_admin  # noqa: F401
