"""Figures as tables: names to the left, figures to the right."""

CASES = ("cold", "kept", "304")


def by_database(results):
    """A line for each figure, a column for each database."""
    names = list(dict.fromkeys(name for figures in results.values() for name in figures))
    rows = [[name, *(figures.get(name, "") for figures in results.values())] for name in names]
    return aligned([["", *results], *rows])


def of_archive(figures):
    """What one archive in one database costs, in Markdown."""
    return "\n\n".join(
        [generation(**figures["generation"]), work(figures["work"]), speeds(figures["served"])]
    )


def generation(seconds, busy):
    return f"Made up in {seconds:,.0f} s, of which the command was busy for {busy:,.0f} s."


def work(figures):
    rows = [
        [name, str(found["queries"]), f"{found['ms']:.1f} ms", found.get("status", "")]
        for name, found in figures.items()
    ]
    return markdown([["cold page", "queries", "work", ""], *rows])


def speeds(served):
    """Requests in a second, the median milliseconds of one, and the share of what a bare view gives."""
    heads = [f"{case} {what}" for case in CASES for what in ("/s", "ms", "of bare")]
    heads.remove("cold of bare")  # next to nothing
    rows = [
        [name, f"{page['bytes']:,}", f"{page['bare']:,.0f}", *three_of_each(page)]
        for name, page in served["pages"].items()
    ]
    memory = ", ".join(f"{name} {number:.0f} MB" for name, number in served["memory"].items())
    return (
        markdown([["served", "bytes", "bare /s", *heads], *rows]) + f"\n\nPeak memory of a worker: {memory}."
    )


def three_of_each(page):
    for case in CASES:
        speed = page[case]
        yield from (f"{speed['rate']:,.0f}", f"{speed['latency']:.1f}")
        if case != "cold":
            yield f"{speed['share']:.2f}"


def of_growth(results):
    """The work of each cold page by the size of the archive, and how many times as much the largest needs."""
    return "\n\n".join(growth(database, results) for database in next(iter(results.values()), {}))


def growth(database, results):
    by_size = {size: found[database]["work"] for size, found in results.items() if database in found}
    first, last = next(iter(by_size.values())), list(by_size.values())[-1]
    rows = [
        [
            name,
            *(f"{figures[name]['ms']:.1f}" for figures in by_size.values()),
            f"{last[name]['ms'] / first[name]['ms']:.2f}",
        ]
        for name in first
    ]
    return markdown([[f"{database}, work in ms", *(f"{size:,}" for size in by_size), "last / first"], *rows])


def markdown(rows):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    line = ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])]
    return "\n".join(f"| {' | '.join(padded(row, widths))} |" for row in [rows[0], line, *rows[1:]])


def aligned(rows):
    widths = [max(map(len, column)) for column in zip(*rows, strict=True)]
    return "\n".join("  ".join(padded(row, widths)).rstrip() for row in rows)


def padded(row, widths):
    return [row[0].ljust(widths[0]), *map(str.rjust, row[1:], widths[1:])]
