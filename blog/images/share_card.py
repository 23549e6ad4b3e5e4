"""The picture that stands for a page where it is shared: its title, what it is, when, and of which site.

Drawn with the first font of the system that has all the letters; where none has, there is no picture.
"""

from functools import lru_cache
from io import BytesIO
from math import cos, radians, sin

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
MARGIN = 80
LONGEST_TITLE = 300
TITLE_SIZES = range(88, 39, -8)
MOST_HEIGHT = 340  # of the title
PAPER, INK, MUTED = "#fefdfa", "#211f1b", "#625c51"
#: Where two have the letters, the first is taken. Pillow looks for them where the system keeps its fonts.
FONTS = (
    "NotoSerif-Bold.ttf",
    "DejaVuSerif-Bold.ttf",
    "LiberationSerif-Bold.ttf",
    "Georgia Bold.ttf",
    "georgiab.ttf",
    "DejaVuSans-Bold.ttf",
    "NotoSans-Bold.ttf",
    "NotoSerifCJK-Bold.ttc",
    "NotoSansCJK-Bold.ttc",
    "NotoNaskhArabic-Bold.ttf",
    "NotoSerifHebrew-Bold.ttf",
    "NotoSerifDevanagari-Bold.ttf",
    "Arial Unicode.ttf",
)
#: The hues of the accents in the style sheet, in degrees; without one there is no colour.
HUES = {
    "rust": 32,
    "amber": 65,
    "olive": 110,
    "green": 148,
    "teal": 195,
    "blue": 250,
    "indigo": 282,
    "plum": 325,
    "rose": 5,
    "ink": None,
}


def draw(title, above="", below="", accent="rust"):
    """The picture as PNG, 1200 by 630 pixels; None if no font has the letters."""
    title = " ".join(title.split())[:LONGEST_TITLE]
    path = font_for(title + above + below)
    if path is None:
        return None
    image = Image.new("RGB", SIZE, PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, SIZE[0], 20), fill=colour(accent))
    small = font(path, 34)
    width = SIZE[0] - 2 * MARGIN
    canvas.text((MARGIN, 92), cut(above, small, width), colour(accent), small, anchor="ls")
    canvas.text((MARGIN, SIZE[1] - 64), cut(below, small, width), MUTED, small, anchor="ls")
    size, lines = fitted(title, path, width)
    for number, line in enumerate(lines):
        place = (MARGIN, 130 + (number + 0.85) * leading(size))
        canvas.text(place, line, INK, font(path, size), anchor="ls")
    file = BytesIO()
    # A tenth larger than at its best, and in a fifth of the time: an author waits for it.
    image.quantize(64, Image.Quantize.FASTOCTREE).save(file, "PNG")
    return file.getvalue()


def fitted(title, path, width):
    """The largest size that the whole title fits in, and its lines; in the smallest, what fits."""
    for size in TITLE_SIZES:
        lines = wrapped(title, font(path, size), width)
        if len(lines) * leading(size) <= MOST_HEIGHT:
            return size, lines
    kept = lines[: int(MOST_HEIGHT // leading(size))]
    return size, [*kept[:-1], cut(f"{kept[-1]} …", font(path, size), width)]


def leading(size):
    return size * 1.2


def wrapped(text, face, width):
    """Lines that are no wider; words that are, are broken."""
    lines = [""]
    for word in text.split(" "):
        for part in pieces(word, face, width):
            joined = f"{lines[-1]} {part}".strip()
            if face.getlength(joined) <= width:
                lines[-1] = joined
            else:
                lines.append(part)
    return lines


def pieces(word, face, width):
    while word:
        length = len(word)
        while length > 1 and face.getlength(word[:length]) > width:
            length -= 1
        yield word[:length]
        word = word[length:]


def cut(text, face, width):
    if face.getlength(text) <= width:
        return text
    text = text.removesuffix("…").rstrip()
    while text and face.getlength(f"{text}…") > width:
        text = text[:-1].rstrip()
    return f"{text}…"


@lru_cache
def font(path, size):
    return ImageFont.truetype(path, size) if path else ImageFont.load_default(size)


@lru_cache
def installed():
    """The files of those fonts that the system has; at last "", which is Pillow's own for Latin letters."""
    paths = []
    for name in FONTS:
        try:
            paths.append(ImageFont.truetype(name, 12).path)
        except OSError:
            continue
    return (*paths, "")


def font_for(text):
    letters = {letter for letter in text if not letter.isspace()}
    return next((path for path in installed() if has_letters(path, letters)), None)


def has_letters(path, letters):
    """A letter that a font does not have looks like one that no font has."""
    face = font(path, 12)
    missing = bytes(face.getmask("\U0010fffd"))
    return all(bytes(face.getmask(letter)) != missing for letter in letters)


@lru_cache
def colour(accent):
    """The accent of the light theme, oklch(46% 0.14 hue), in sRGB (CSS Color 4, sections 9.2 and 10.1)."""
    hue = HUES[accent]
    a, b = (0.14 * turn(radians(hue)) if hue is not None else 0 for turn in (cos, sin))
    long, medium, short = (
        (0.46 + x * a + y * b) ** 3
        for x, y in (
            (0.3963377774, 0.2158037573),
            (-0.1055613458, -0.0638541728),
            (-0.0894841775, -1.291485548),
        )
    )
    light = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short,
    )
    return tuple(round(255 * gamma(min(1, max(0, part)))) for part in light)


def gamma(part):
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055
