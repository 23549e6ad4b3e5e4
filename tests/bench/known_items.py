"""How well search finds what somebody remembers: three rare words of a post, and how far up it comes.

`python -m tests.bench.known_items` imports ../shared/archive, or the folder that it is told, into a
database of each sort, and prints the mean reciprocal rank at 10 over posts chosen by a fixed seed.
`make bench` prints it with the rest.
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
    """Figures by name, of the posts in the database."""
    from blog.models import Post, SearchDocument

    texts = dict(SearchDocument.objects.filter(post__in=Post.objects.published()).values_list("pk", "text"))
    words = {pk: set(re.findall(r"[^\W\d_]{3,}", text.lower())) for pk, text in texts.items()}
    frequency = Counter(word for of_post in words.values() for word in of_post)
    able = sorted(pk for pk, of_post in words.items() if len(of_post) >= WORDS)
    chosen = random.Random(SEED).sample(able, min(POSTS, len(able)))
    if not chosen:
        return {}
    ranks, seconds = zip(*(find(pk, rarest(words[pk], frequency)) for pk in chosen), strict=True)
    return {
        "known items": f"{len(chosen)} posts",
        "known items, mean reciprocal rank": f"{mean(1 / rank if rank else 0 for rank in ranks):.3f}",
        "known items, a search": f"{1000 * median(seconds):.2f} ms",
    }


def rarest(words, frequency):
    return sorted(words, key=lambda word: (frequency[word], word))[:WORDS]


def find(pk, words):
    """(rank from 1 to 10, or None; seconds)"""
    from blog.models import Post
    from blog.search.results import Search, parse

    began = time.perf_counter()
    ids = Search(Post.objects.published(), parse(" ".join(words)), "relevance").ids[:10]
    seconds = time.perf_counter() - began
    return (ids.index(pk) + 1 if pk in ids else None), seconds


if __name__ == "__main__":
    from tests.bench.__main__ import main

    main(sys.argv[1:], "known items")
