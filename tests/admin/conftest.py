"""Fixtures for the tests of the admin."""

import pytest
from django.contrib.auth.models import Permission

from blog.models import Post
from tests.factories import utc

NOW = utc(2024, 6, 8, 21, 43)


@pytest.fixture(params=Post.kinds())
def kind(request):
    return request.param


@pytest.fixture
def clock(time_machine):
    """Freeze the clock at `NOW`, until the test moves it."""
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def give(django_user_model):
    """Give a user permissions: `give("helper", "add_note")`."""

    def allow(name, *permissions):
        user = django_user_model.objects.get(username=name)
        user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))

    return allow
