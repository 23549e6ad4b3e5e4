"""The elements of HTML in the groups that more than one module here needs."""


def names(text: str) -> frozenset[str]:
    """The words of a text as a set: lists of names read better without a quote around each."""
    return frozenset(text.split())


VOID = names("area base br col embed hr img input link meta param source track wbr")
HEADINGS = names("h1 h2 h3 h4 h5 h6")
# Text goes on across these; before and after every other element it breaks.
INLINE = names(
    "a abbr b bdi bdo big cite code data del dfn em font i img ins kbd label mark meter nobr progress q "
    "rb rp rt ruby s samp small span strike strong sub sup time tt u var wbr"
)
# Text in these is what it is, to the letter.
LITERAL = names("pre code samp kbd textarea script style")
