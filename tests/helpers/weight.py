"""What the home page of a running site weighs, compressed.

    python -m tests.helpers.weight URL

prints the bytes of HTML, style sheets and scripts, and what the page asks other hosts for.
"""

import gzip
import sys
from urllib.parse import urljoin, urlsplit
from urllib.request import urlopen

from bs4 import BeautifulSoup

#: Bytes, of a home page with 30 posts.
LIMITS = {"HTML": 30_000, "CSS": 12_000, "script": 10_000}


def weigh(read, url):
    """The bytes of each part, and the addresses on other hosts. `read(url)` gives what is there."""
    html = read(url)
    page = BeautifulSoup(html, "lxml")
    styles = [tag["href"] for tag in page.select("link[rel=stylesheet]")]
    scripts = [tag["src"] for tag in page.select("script[src]")]
    later = [tag["data-gallery"] for tag in page.select("script[data-gallery]")]
    loaded = [*styles, *scripts, *(tag["src"] for tag in page.select("img[src], iframe[src], video[src]"))]
    sizes = {
        "HTML": compressed([html]),
        "CSS": compressed(read(urljoin(url, path)) for path in styles),
        "script": compressed(read(urljoin(url, path)) for path in scripts + later),
    }
    here = urlsplit(url).netloc
    return sizes, [path for path in loaded if urlsplit(urljoin(url, path)).netloc != here]


def compressed(files):
    return sum(len(gzip.compress(file, 6)) for file in files)


def main(arguments):
    [url] = arguments
    sizes, elsewhere = weigh(lambda address: urlopen(address).read(), url)
    for part, size in sizes.items():
        print(f"{part:8}{size:8,} bytes of at most {LIMITS[part]:,}")
    print(f"From other hosts: {', '.join(elsewhere) or 'nothing'}")
    return int(any(size > LIMITS[part] for part, size in sizes.items()))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
