"""Deep pagination: find where a page far down a list begins without reading all rows before it."""

from datetime import UTC, datetime, timedelta

from django.db.models import Count, Q

#: An upper bound on the distance between a moment and midnight UTC of its day in any time zone.
NEW_YEAR_MARGIN = timedelta(days=2)


def skip_years(rows, by_year, offset, day="day"):
    """Skip whole years of a newest-first list, so that a deep page costs what the first one does.

    Returns the remaining queryset and the offset left within it. `rows` takes bounds on the time of
    publication and returns the list within them; `by_year` counts its posts by the year of their day. Runs
    one query, or none if no year can be skipped.

    A post's day is in the author's time zone and its publication in UTC, so posts published around New Year
    may be counted in one year and listed in the other. The query counts those.
    """
    skipped, end = 0, None
    for year in sorted(map(int, by_year), reverse=True):
        if skipped + by_year[str(year)] > offset:
            break
        skipped, end = skipped + by_year[str(year)], datetime(year, 1, 1, tzinfo=UTC)
    if not end:
        return rows(), offset
    is_later, has_later_day = Q(published__gte=end), Q(**{f"{day}__gte": end.date()})
    around = rows(Q(published__gt=end - NEW_YEAR_MARGIN, published__lt=end + NEW_YEAR_MARGIN)).order_by()
    counted = around.aggregate(
        early=Count("pk", filter=has_later_day & ~is_later),
        late=Count("pk", filter=is_later & ~has_later_day),
    )
    left = offset - skipped + counted["early"] - counted["late"]
    return (rows(Q(published__lt=end)), left) if left >= 0 else (rows(), offset)
