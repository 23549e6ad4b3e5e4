"""How well search finds what somebody remembers: three rare words of a post, and how far up it comes.

Prints the mean reciprocal rank at 10 over posts chosen by a fixed seed. `python -m tests.bench.known_items`
asks the database that DATABASE_URL names, with an archive in it.
"""

import random
import re
import time
from collections import Counter
from statistics import median

POSTS = 500
WORDS = 3
SEED = 20020612


def main():
    import django

    django.setup()
    from blog.models import Post, SearchDocument

    texts = dict(SearchDocument.objects.filter(post__in=Post.objects.published()).values_list("pk", "text"))
    words = {pk: set(re.findall(r"[^\W\d_]{3,}", text.lower())) for pk, text in texts.items()}
    frequency = Counter(word for of_post in words.values() for word in of_post)
    able = sorted(pk for pk, of_post in words.items() if len(of_post) >= WORDS)
    chosen = random.Random(SEED).sample(able, min(POSTS, len(able)))
    results = [find(pk, rarest(words[pk], frequency)) for pk in chosen]
    print(f"{len(results)} posts, {WORDS} rare words each: mean reciprocal rank at 10")
    print(f"{sum(1 / rank for rank, _ in results if rank) / len(results):.3f}", end="  ")
    print(f"(median {1000 * median(seconds for _, seconds in results):.1f} ms a search)")


def rarest(words, frequency):
    return sorted(words, key=lambda word: (frequency[word], word))[:WORDS]


def find(pk, words):
    """(rank from 1 to 10, or None; seconds)"""
    from blog.models import Post
    from blog.search import Search, parse

    began = time.perf_counter()
    ids = Search(Post.objects.published(), parse(" ".join(words)), "relevance").ids[:10]
    seconds = time.perf_counter() - began
    return (ids.index(pk) + 1 if pk in ids else None), seconds


if __name__ == "__main__":
    main()
