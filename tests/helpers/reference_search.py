"""A slow reference implementation of search, to compare the full-text indexes with."""

from dataclasses import dataclass

from blog.models import Post


def found(query, tags, texts=None):
    """Return the ids of the published posts that match, by reading every post."""
    return {text.post.pk for text in texts or read() if matches(text, query, tags)}


def read():
    """Return the texts of the published posts, to be read once for many queries."""
    posts = (
        Post.objects.published().select_related("search_document").prefetch_related("tags", "linked_hosts")
    )
    return [Text.from_post(post) for post in posts]


@dataclass
class Text:
    """A post as lists of tokens. `words` is the set of all tokens but the author's."""

    post: Post
    parts: list
    author: list
    words: set
    tags: set
    hosts: set

    @classmethod
    def from_post(cls, post):
        document = post.search_document
        parts = [text.split() for text in (document.title, document.tags, document.body)]
        tags, hosts = {tag.pk for tag in post.tags.all()}, {row.host for row in post.linked_hosts.all()}
        return cls(post, parts, document.by.split(), set().union(*parts), tags, hosts)


def matches(text, query, tags):
    return (
        all(any(has(text, term) for term in group) for group in query.wanted)
        and not any(has(text, term) for term in query.unwanted)
        and all(contains(text.author, term) for term in query.by)
        and passes_filters(text, query, tags)
    )


def passes_filters(text, query, tags):
    post = text.post
    kinds = query.kinds + query.unknown_kinds
    return (
        all(tags[name] and tags[name].pk in text.tags for name in query.tags)
        and not any(tags[name] and tags[name].pk in text.tags for name in query.without_tags)
        and text.hosts.issuperset(query.sites)
        and (not kinds or post.kind in kinds)
        and (not query.year or post.day.year == query.year)
        and (not query.month or post.day.month == query.month)
        and (not query.first or post.day >= query.first)
        and (not query.last or post.day <= query.last)
    )


def has(text, term):
    """Positions are checked only if all the words are present."""
    if not text.words.issuperset(term.tokens[:-1]):
        return False
    if not any(ends_with(word, term) for word in text.words):
        return False
    return len(term.tokens) == 1 or any(contains(tokens, term) for tokens in text.parts)


def contains(tokens, term):
    before = list(term.tokens[:-1])
    ends = (n for n, token in enumerate(tokens) if ends_with(token, term))
    return any(tokens[max(n - len(before), 0) : n] == before for n in ends)


def ends_with(token, term):
    if term.is_prefix:
        return token == term.stem or token.startswith(term.tokens[-1])
    return token == term.tokens[-1]
