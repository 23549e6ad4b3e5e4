"""Small charts: coordinates and labels from which templates draw SVG."""

WIDTH, HEIGHT = 120, 24


class Bars:
    """A bar chart of `WIDTH` by `HEIGHT`.

    `values` are (label, number) pairs. The bar of a number above zero is at least one unit high.
    """

    GAP = 1

    def __init__(self, values):
        self.values = list(values)

    def __bool__(self):
        return any(number for _, number in self.values)

    def __iter__(self):
        """Yield the attributes of each <rect>, and its label and number."""
        highest = max(number for _, number in self.values)
        step = (WIDTH + self.GAP) / len(self.values)
        for n, (label, number) in enumerate(self.values):
            height = max(1, HEIGHT * number / highest) if number else 0
            place = {"x": n * step, "y": HEIGHT - height, "width": step - self.GAP, "height": height}
            yield {name: f"{length:.2f}" for name, length in place.items()} | {
                "label": label,
                "number": number,
            }

    @property
    def text(self):
        """A text alternative."""
        return ", ".join(f"{label}: {number}" for label, number in self.values)


class StackedBars:
    """A stacked bar chart, the first series at the foot.

    `values` are (label, numbers) pairs with one number for each of the `series`. Series without any
    number above zero are left out.
    """

    GAP = 2

    def __init__(self, series, values):
        values = list(values)
        present = [n for n in range(len(series)) if any(numbers[n] for _, numbers in values)]
        self.series = [series[n] for n in present]
        self.values = [(label, [numbers[n] for n in present]) for label, numbers in values]
        self.max_total = max((sum(numbers) for _, numbers in self.values), default=0)

    def __bool__(self):
        return bool(self.max_total)

    def __iter__(self):
        """Yield the attributes of each <rect>; `part` is the number of its series, from 1."""
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
        """The label of each series with its number."""
        return [{"part": part, "label": label} for part, label in enumerate(self.series, 1)]


def each_year(by_year):
    """Return the (year, number) pairs of {"2024": 12}, with 0 for years in between that are missing."""
    years = sorted(int(year) for year, number in by_year.items() if number)
    span = range(years[0], years[-1] + 1) if years else ()
    return [(year, by_year.get(str(year), 0)) for year in span]


class YearBars(Bars):
    """A bar chart of use over the years, empty if there are too few to compare."""

    MIN_YEARS = 3

    def __init__(self, by_year):
        super().__init__(each_year(by_year))

    def __bool__(self):
        return len(self.values) >= self.MIN_YEARS

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
    """A line chart of use over the years."""

    def __init__(self, by_year):
        self.values = each_year(by_year)

    def __bool__(self):
        return len(self.values) > 1

    @property
    def points(self):
        """The points of a <polyline>, with one unit of margin."""
        highest = max(number for _, number in self.values)
        step = (WIDTH - 2) / (len(self.values) - 1)
        return " ".join(
            f"{1 + n * step:.1f},{HEIGHT - 1 - (HEIGHT - 2) * number / highest:.1f}"
            for n, (_, number) in enumerate(self.values)
        )

    @property
    def text(self):
        """A text alternative."""
        return ", ".join(f"{year}: {number}" for year, number in self.values)
