"""What tests of the admin share."""

import pytest
from django.contrib.auth.models import Permission


@pytest.fixture
def give(django_user_model):
    """Lets a user do something: `give("helper", "add_note")`."""

    def allow(name, *permissions):
        user = django_user_model.objects.get(username=name)
        user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))

    return allow
