"""Small pictures of numbers, as what a template needs to draw them in SVG."""

WIDTH, HEIGHT = 120, 24


class Sparkline:
    """The use of something over the years, as the points of a line.

    `by_year` is {"2024": 12}. Years between the first and the last without any count as none.
    """

    def __init__(self, by_year):
        years = sorted(int(year) for year, number in by_year.items() if number)
        span = range(years[0], years[-1] + 1) if years else ()
        self.values = [(year, by_year.get(str(year), 0)) for year in span]

    def __bool__(self):
        return len(self.values) > 1

    @property
    def points(self):
        """For <polyline points>, in a picture of `WIDTH` by `HEIGHT`, one unit of margin."""
        most = max(number for _, number in self.values)
        step = (WIDTH - 2) / (len(self.values) - 1)
        return " ".join(
            f"{1 + n * step:.1f},{HEIGHT - 1 - (HEIGHT - 2) * number / most:.1f}"
            for n, (_, number) in enumerate(self.values)
        )

    @property
    def text(self):
        """The same in words, for who cannot see it."""
        return ", ".join(f"{year}: {number}" for year, number in self.values)
