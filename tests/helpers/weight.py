"""The weight of a running site's home page: compressed bytes of HTML, style sheets and scripts.

    python -m tests.helpers.weight URL

prints it, with the resources that the page loads from other hosts.
"""

import gzip
import sys
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

from bs4 import BeautifulSoup

#: Bytes, for a home page with 30 posts.
LIMITS = {"HTML": 30_000, "CSS": 12_000, "script": 10_000}


def weigh(read, url):
    """Return the bytes of each part and the URLs on other hosts. `read(url)` returns a file's content."""
    html = read(url)
    page = BeautifulSoup(html, "lxml")
    style_sheets = [tag["href"] for tag in page.select("link[rel=stylesheet]")]
    scripts = [tag["src"] for tag in page.select("script[src]")]
    on_demand = [tag["data-gallery"] for tag in page.select("script[data-gallery]")]
    loaded = [
        *style_sheets,
        *scripts,
        *(tag["src"] for tag in page.select("img[src], iframe[src], video[src]")),
    ]
    sizes = {
        "HTML": compressed([html]),
        "CSS": compressed(read(urljoin(url, path)) for path in style_sheets),
        "script": compressed(read(urljoin(url, path)) for path in scripts + on_demand),
    }
    own_host = urlsplit(url).netloc
    return sizes, [path for path in loaded if urlsplit(urljoin(url, path)).netloc != own_host]


def compressed(files):
    return sum(len(gzip.compress(file, 6)) for file in files)


def main(arguments):
    [url] = arguments
    sizes, third_party = weigh(lambda address: urlopen(address).read(), url)
    for part, size in sizes.items():
        print(f"{part:8}{size:8,} bytes; limit {LIMITS[part]:,}")
    print(f"Loaded from other hosts: {', '.join(third_party) or 'nothing'}")
    return int(any(size > LIMITS[part] for part, size in sizes.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
