"""A second, slow implementation of the query language, which the indexes are held against."""

from blog.models import Post


def found(query, tags):
    """The ids of the published posts that match, by reading every one of them."""
    posts = Post.objects.published().select_related("search_document").prefetch_related("tags", "links")
    return {post.pk for post in posts if matches(post, query, tags)}


def matches(post, query, tags):
    document = post.search_document
    texts = [text.split() for text in (document.title, document.tags, document.body)]
    author = [document.by.split()]
    return (
        all(any(has(texts, term) for term in group) for group in query.wanted)
        and not any(has(texts, term) for term in query.unwanted)
        and all(has(author, term) for term in query.by)
        and passes_filters(post, query, tags)
    )


def passes_filters(post, query, tags):
    names = {tag.pk for tag in post.tags.all()}
    return (
        all(tags[name] and tags[name].pk in names for name in query.tags)
        and not any(tags[name] and tags[name].pk in names for name in query.without_tags)
        and all(any(link.host == host for link in post.links.all()) for host in query.sites)
        and (not query.kinds or post.kind in query.kinds)
        and (not query.year or post.day.year == query.year)
        and (not query.month or post.day.month == query.month)
        and (not query.first or post.day >= query.first)
        and (not query.last or post.day <= query.last)
    )


def has(texts, term):
    return any(stands_in(tokens, term) for tokens in texts)


def stands_in(tokens, term):
    *before, last = term.tokens
    ends = (n for n, token in enumerate(tokens) if ends_with(token, last, term))
    return any(tokens[max(n - len(before), 0) : n] == before for n in ends)


def ends_with(token, last, term):
    return token in {last, term.stem} or (term.is_prefix and token.startswith(last))
