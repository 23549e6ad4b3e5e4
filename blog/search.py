"""Which posts contain the words that somebody looks for."""

from django.db.models import Q

MOST_WORDS = 8
LONGEST_WORD = 64


def matching(posts, text):
    """Of these posts, the ones that contain every word of the text; none for no words."""
    words = [word[:LONGEST_WORD] for word in text.replace("\x00", " ").split()[:MOST_WORDS]]
    for word in words:
        posts = posts.filter(Q(headline__icontains=word) | Q(title__icontains=word) | Q(body__icontains=word))
    return posts if words else posts.none()
