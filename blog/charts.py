"""Small pictures of numbers, as what a template needs to draw them in SVG."""

WIDTH, HEIGHT = 120, 24


class Bars:
    """Numbers side by side, as bars in a picture of `WIDTH` by `HEIGHT` with `GAP` between them.

    `values` are (label, number) pairs. A number above none has a bar that can be seen.
    """

    GAP = 1

    def __init__(self, values):
        self.values = list(values)

    def __bool__(self):
        return any(number for _, number in self.values)

    def __iter__(self):
        """A dictionary for each <rect>, with its label and number."""
        most = max(number for _, number in self.values)
        step = (WIDTH + self.GAP) / len(self.values)
        for n, (label, number) in enumerate(self.values):
            height = max(1, HEIGHT * number / most) if number else 0
            place = {"x": n * step, "y": HEIGHT - height, "width": step - self.GAP, "height": height}
            yield {name: f"{length:.2f}" for name, length in place.items()} | {
                "label": label,
                "number": number,
            }

    @property
    def text(self):
        """The same in words, for who cannot see it."""
        return ", ".join(f"{label}: {number}" for label, number in self.values)


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
