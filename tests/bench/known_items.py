"""Known-item search: how high a post ranks in a search for its three rarest words.

`python -m tests.bench.known_items DIR` imports an archive folder, ../shared/archive by default, into both
databases, and prints the mean reciprocal rank at 10 of posts sampled with a fixed seed. `make bench ARGS=DIR`
prints it too.
"""

import random
import re
import sys
import time
from collections import Counter
from statistics import mean, median

POSTS = 500
WORDS = 3
SEED = 20020612


def measure():
    """Return figures by name for the posts in the database."""
    from blog.models import Post, SearchDocument

    texts = dict(SearchDocument.objects.filter(post__in=Post.objects.published()).values_list("pk", "text"))
    words = {pk: set(re.findall(r"[^\W\d_]{3,}", text.lower())) for pk, text in texts.items()}
    frequency = Counter(word for post_words in words.values() for word in post_words)
    candidates = sorted(pk for pk, post_words in words.items() if len(post_words) >= WORDS)
    sample = random.Random(SEED).sample(candidates, min(POSTS, len(candidates)))
    if not sample:
        return {}
    ranks, seconds = zip(*(find(pk, rarest(words[pk], frequency)) for pk in sample), strict=True)
    return {
        "known items": f"{len(sample)} posts",
        "known items, mean reciprocal rank": f"{mean(1 / rank if rank else 0 for rank in ranks):.3f}",
        "known items, a search": f"{1000 * median(seconds):.2f} ms",
    }


def rarest(words, frequency):
    return sorted(words, key=lambda word: (frequency[word], word))[:WORDS]


def find(pk, words):
    """Search for the words. Returns the post's rank, from 1 to 10 or None, and the seconds taken."""
    from blog.models import Post
    from blog.search.results import Search, parse

    start = time.perf_counter()
    ids = Search(Post.objects.published(), parse(" ".join(words)), "relevance").ids[:10]
    seconds = time.perf_counter() - start
    return (ids.index(pk) + 1 if pk in ids else None), seconds


if __name__ == "__main__":
    from tests.bench.__main__ import main

    main(sys.argv[1:], "known items")
