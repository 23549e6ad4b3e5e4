"""Where a page far down a long list begins, without passing all that is before it."""

from datetime import UTC, datetime, timedelta

from django.db.models import Count, Q

#: How far at most a moment is from the day that it is on anywhere.
AROUND = timedelta(days=2)


def skip_years(rows, by_year, number, day="day"):
    """The rows without the last of the years, and how many of them are still to be passed.

    To pass so many of the rows, which are those with the newest publication first, and of which `by_year`
    says how many have their day in which year. `rows` takes bounds on the publication, and gives what lies
    within them. One query, or none where the first year is not passed.

    The year of a post's day is that of where the author was; that of its publication is in UTC. What
    is counted in the one and comes in the other was published around New Year.
    """
    passed, end = 0, None
    for year in sorted(map(int, by_year), reverse=True):
        if passed + by_year[str(year)] > number:
            break
        passed, end = passed + by_year[str(year)], datetime(year, 1, 1, tzinfo=UTC)
    if not end:
        return rows(), number
    is_later, has_later_day = Q(published__gte=end), Q(**{f"{day}__gte": end.date()})
    around = rows(Q(published__gt=end - AROUND, published__lt=end + AROUND)).order_by()
    counted = around.aggregate(
        early=Count("pk", filter=has_later_day & ~is_later),
        late=Count("pk", filter=is_later & ~has_later_day),
    )
    left = number - passed + counted["early"] - counted["late"]
    return (rows(Q(published__lt=end)), left) if left >= 0 else (rows(), number)
