"""Dead and redirected links: all URLs are fetched at once, within a time limit, and results are cached."""

import hashlib
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass

from django.core.cache import cache

from .fetching import FetchError, fetch

MAX_LINKS = 20
TIMEOUT = 6  # seconds for all of them; links that take longer are not reported
CACHE_SECONDS = 15 * 60
# Statuses of sites that refuse programs, or are busy. They don't mean that the link is dead.
INCONCLUSIVE_STATUSES = {401, 403, 405, 406, 429, 451, 503}


@dataclass(frozen=True)
class LinkProblem:
    """A dead link, with a message for the author, or a redirected one, with its new URL."""

    message: str = ""
    redirects_to: str = ""


def check(urls):
    """Return {url: LinkProblem} for the URLs that are dead or redirected."""
    urls = list(dict.fromkeys(urls))[:MAX_LINKS]
    threads = ThreadPoolExecutor(max(1, len(urls)))
    checks = {url: threads.submit(check_one, url) for url in urls}
    done, _ = wait(checks.values(), timeout=TIMEOUT)
    threads.shutdown(wait=False, cancel_futures=True)
    problems = {url: future.result() for url, future in checks.items() if future in done}
    return {url: problem for url, problem in problems.items() if problem}


def check_one(url):
    """Return the LinkProblem of a URL, or None. Fetches the URL unless its result is cached."""
    cached = cache.get(cache_key(url))
    return record(url, try_to_fetch(url)) if cached is None else cached[0]


def try_to_fetch(url):
    try:
        return fetch(url)
    except FetchError as error:
        return error


def record(url, result):
    """Cache the result of a fetch, a Response or a FetchError. Returns the LinkProblem, or None."""
    if isinstance(result, FetchError):
        problem = None if result.status in INCONCLUSIVE_STATUSES else LinkProblem(message=str(result))
    else:
        is_redirected = normalized(result.url) != normalized(url)
        problem = LinkProblem(redirects_to=result.url) if is_redirected else None
    cache.set(cache_key(url), (problem,), CACHE_SECONDS)
    return problem


def cache_key(url):
    return f"link-{hashlib.sha256(url.encode()).hexdigest()}"


def normalized(url):
    """Remove the fragment, which servers don't see, and the slash of an empty path."""
    address = url.partition("#")[0]
    return address[:-1] if address.count("/") == 3 and address.endswith("/") else address
