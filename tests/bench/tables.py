"""Formatting figures as tables."""

CASES = ("uncached", "cached", "304")


def by_database(results):
    """Return a table with a line for each figure and a column for each database."""
    names = list(dict.fromkeys(name for figures in results.values() for name in figures))
    rows = [[name, *(figures.get(name, "") for figures in results.values())] for name in names]
    return aligned([["", *results], *rows])


def archive_tables(figures):
    """Return the figures of one archive in one database, in Markdown."""
    return "\n\n".join(
        [generation(**figures["generation"]), uncached(figures["uncached"]), speeds(figures["served"])]
    )


def generation(seconds, cpu):
    return f"Generated in {seconds:,.0f} s, with {cpu:,.0f} s of processor time."


def uncached(figures):
    rows = [
        [name, str(cost["queries"]), f"{cost['ms']:.1f} ms", cost.get("status", "")]
        for name, cost in figures.items()
    ]
    return markdown([["uncached page", "queries", "CPU", ""], *rows])


def speeds(served):
    """Return requests per second, median milliseconds, and the rate relative to the empty view."""
    headings = [f"{case} {unit}" for case in CASES for unit in ("/s", "ms", "of empty")]
    headings.remove("uncached of empty")  # nearly 0
    rows = [
        [name, f"{page['bytes']:,}", f"{page['empty']:,.0f}", *speed_columns(page)]
        for name, page in served["pages"].items()
    ]
    memory = ", ".join(f"{name} {number:.0f} MB" for name, number in served["memory"].items())
    return (
        markdown([["served", "bytes", "empty /s", *headings], *rows])
        + f"\n\nPeak memory of a worker: {memory}."
    )


def speed_columns(page):
    for case in CASES:
        speed = page[case]
        yield from (f"{speed['rate']:,.0f}", f"{speed['latency']:.1f}")
        if case != "uncached":
            yield f"{speed['share']:.2f}"


def growth_tables(results):
    """Return the cost of each uncached page by archive size, and the ratio of the largest to the smallest."""
    return "\n\n".join(growth(database, results) for database in next(iter(results.values()), {}))


def growth(database, results):
    by_size = {size: found[database]["uncached"] for size, found in results.items() if database in found}
    first, last = next(iter(by_size.values())), list(by_size.values())[-1]
    rows = [
        [
            name,
            *(f"{figures[name]['ms']:.1f}" for figures in by_size.values()),
            f"{last[name]['ms'] / first[name]['ms']:.2f}",
        ]
        for name in first
    ]
    return markdown([[f"{database}, ms of CPU", *(f"{size:,}" for size in by_size), "last / first"], *rows])


def markdown(rows):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    line = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(f"| {' | '.join(padded(row, widths))} |" for row in [rows[0], line, *rows[1:]])


def aligned(rows):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(padded(row, widths)).rstrip() for row in rows)


def padded(row, widths):
    return [row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]
