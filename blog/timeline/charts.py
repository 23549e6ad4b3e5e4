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


class StackedBars:
    """Numbers of several sorts side by side, as bars of several parts, the first sort at the foot.

    `values` are (label, numbers) pairs with as many numbers as there are `sorts`. Those without any
    are left out.
    """

    GAP = 2

    def __init__(self, sorts, values):
        values = list(values)
        present = [n for n in range(len(sorts)) if any(numbers[n] for _, numbers in values)]
        self.sorts = [sorts[n] for n in present]
        self.values = [(label, [numbers[n] for n in present]) for label, numbers in values]
        self.max_total = max((sum(numbers) for _, numbers in self.values), default=0)

    def __bool__(self):
        return bool(self.max_total)

    def __iter__(self):
        """A dictionary for each <rect>; `part` counts the sorts from 1."""
        step = WIDTH / len(self.values)
        for n, (_, numbers) in enumerate(self.values):
            foot = HEIGHT
            for part, number in enumerate(numbers, 1):
                height = HEIGHT * number / self.max_total
                foot -= height
                if number:
                    place = {
                        "x": n * step + self.GAP / 2,
                        "y": foot,
                        "width": step - self.GAP,
                        "height": height,
                    }
                    yield {name: f"{length:.2f}" for name, length in place.items()} | {"part": part}

    @property
    def legend(self):
        """Each sort with the number of its part."""
        return [{"part": part, "label": label} for part, label in enumerate(self.sorts, 1)]


def each_year(by_year):
    """Pairs of year and number of {"2024": 12}. Years between without any count as none."""
    years = sorted(int(year) for year, number in by_year.items() if number)
    span = range(years[0], years[-1] + 1) if years else ()
    return [(year, by_year.get(str(year), 0)) for year in span]


class YearBars(Bars):
    """The use of something over the years, as bars; nothing where there is hardly anything to compare."""

    FEWEST = 3

    def __init__(self, by_year):
        super().__init__(each_year(by_year))

    def __bool__(self):
        return len(self.values) >= self.FEWEST

    @property
    def first(self):
        return self.values[0][0]

    @property
    def last(self):
        return self.values[-1][0]

    @property
    def peak(self):
        label, number = max(self.values, key=lambda value: value[1])
        return {"label": label, "number": number}


class Sparkline:
    """The use of something over the years, as the points of a line."""

    def __init__(self, by_year):
        self.values = each_year(by_year)

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
