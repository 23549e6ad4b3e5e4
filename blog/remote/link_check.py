"""Whether links lead somewhere: asked all at once, for a short time, and remembered for a while."""

import hashlib
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from django.core.cache import cache

from .fetching import FetchError, fetch

MOST_LINKS = 20
SECONDS = 6  # for all of them; what has not answered by then is not spoken of
REMEMBERED = 15 * 60  # seconds
#: What a site answers that wants to be asked by people only, or not now: no sign of a dead link.
RELUCTANT = {401, 403, 405, 406, 429, 451, 503}


@dataclass(frozen=True)
class LinkProblem:
    """What is wrong with a link: a sentence, or the address that it redirects to."""

    problem: str = ""
    redirects_to: str = ""


def check(urls):
    """{address: LinkProblem} for those of the addresses with which something is wrong."""
    urls = list(dict.fromkeys(urls))[:MOST_LINKS]
    threads = ThreadPoolExecutor(max(1, len(urls)))
    answers = {url: threads.submit(look, url) for url in urls}
    done, _ = wait(answers.values(), timeout=SECONDS)
    threads.shutdown(wait=False, cancel_futures=True)
    found = {url: answer.result() for url, answer in answers.items() if answer in done}
    return {url: trouble for url, trouble in found.items() if trouble}


def look(url):
    """The LinkProblem with one address, or None."""
    remembered = cache.get(cache_key(url))
    return record(url, ask(url)) if remembered is None else remembered[0]


def ask(url):
    try:
        return fetch(url)
    except FetchError as error:
        return error


def record(url, answer):
    """Remember how the address answered: with an Response, or a FetchError.

    The LinkProblem with it, or None.
    """
    if isinstance(answer, FetchError):
        trouble = None if answer.status in RELUCTANT else LinkProblem(problem=str(answer))
    else:
        trouble = LinkProblem(redirects_to=answer.url) if bare(answer.url) != bare(url) else None
    cache.set(cache_key(url), (trouble,), REMEMBERED)
    return trouble


def cache_key(url):
    return f"link-{hashlib.sha256(url.encode()).hexdigest()}"


def bare(url):
    """Without the fragment, which no server sees, and the slash that every host alone has."""
    address = url.partition("#")[0]
    return address[:-1] if address.count("/") == 3 and address.endswith("/") else address
