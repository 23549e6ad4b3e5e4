"""Share cards: the preview image of a page on other sites, with its title, kind, date and site.

Drawn with the first installed font that has all characters. If there is none, the page has no card.
"""

from functools import lru_cache
from io import BytesIO
from math import cos, radians, sin

from PIL import Image, ImageDraw, ImageFont

SIZE = (1200, 630)
MARGIN = 80
MAX_TITLE_LENGTH = 300
TITLE_SIZES = range(88, 39, -8)
MAX_TITLE_HEIGHT = 340
PAPER, INK, MUTED = "#fefdfa", "#211f1b", "#625c51"
# In order of preference. Pillow searches the system's font directories for them.
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
# Hues of the style sheet's accents, in degrees; None is grey.
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
    """Draw the card as a PNG of 1200 × 630 pixels; None if no font has all characters."""
    title = " ".join(title.split())[:MAX_TITLE_LENGTH]
    path = font_for(title + above + below)
    if path is None:
        return None
    image = Image.new("RGB", SIZE, PAPER)
    canvas = ImageDraw.Draw(image)
    canvas.rectangle((0, 0, SIZE[0], 20), fill=colour(accent))
    small = font(path, 34)
    width = SIZE[0] - 2 * MARGIN
    canvas.text((MARGIN, 92), truncate(above, small, width), colour(accent), small, anchor="ls")
    canvas.text((MARGIN, SIZE[1] - 64), truncate(below, small, width), MUTED, small, anchor="ls")
    size, lines = fit_title(title, path, width)
    for number, line in enumerate(lines):
        position = (MARGIN, 130 + (number + 0.85) * line_height(size))
        canvas.text(position, line, INK, font(path, size), anchor="ls")
    file = BytesIO()
    # A tenth larger than the smallest file, in a fifth of the time.
    image.quantize(64, Image.Quantize.FASTOCTREE).save(file, "PNG")
    return file.getvalue()


def fit_title(title, path, width):
    """Return the largest font size that fits the title, and its lines; at the smallest size they are cut."""
    for size in TITLE_SIZES:
        lines = wrap(title, font(path, size), width)
        if len(lines) * line_height(size) <= MAX_TITLE_HEIGHT:
            return size, lines
    *lines, last = lines[: int(MAX_TITLE_HEIGHT // line_height(size))]
    return size, [*lines, truncate(f"{last} …", font(path, size), width)]


def line_height(size):
    return size * 1.2


def wrap(text, face, width):
    """Wrap text into lines of at most `width` pixels, breaking words that are wider."""
    lines = [""]
    for word in text.split(" "):
        for part in break_word(word, face, width):
            joined = f"{lines[-1]} {part}".strip()
            if face.getlength(joined) <= width:
                lines[-1] = joined
            else:
                lines.append(part)
    return lines


def break_word(word, face, width):
    while word:
        length = len(word)
        while length > 1 and face.getlength(word[:length]) > width:
            length -= 1
        yield word[:length]
        word = word[length:]


def truncate(text, face, width):
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
def installed_fonts():
    """Return the paths of the installed fonts, and "" for Pillow's built-in Latin font."""
    paths = []
    for name in FONTS:
        try:
            paths.append(ImageFont.truetype(name, 12).path)
        except OSError:
            continue
    return (*paths, "")


def font_for(text):
    characters = {char for char in text if not char.isspace()}
    return next((path for path in installed_fonts() if has_glyphs(path, characters)), None)


def has_glyphs(path, characters):
    """Compare each glyph with that of a character no font has, since Pillow can't ask for missing glyphs."""
    face = font(path, 12)
    missing = bytes(face.getmask("\U0010fffd"))
    return all(bytes(face.getmask(char)) != missing for char in characters)


@lru_cache
def colour(accent):
    """Convert the light theme's accent, oklch(46% 0.14 hue), to sRGB (CSS Color 4, sections 9.2 and 10.1)."""
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
