"""What tests of the admin share."""

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
    """It is `NOW`, until a test says otherwise."""
    time_machine.move_to(NOW, tick=False)
    return time_machine


@pytest.fixture
def give(django_user_model):
    """Lets a user do something: `give("helper", "add_note")`."""

    def allow(name, *permissions):
        user = django_user_model.objects.get(username=name)
        user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))

    return allow
