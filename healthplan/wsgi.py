"""The WSGI application, served by gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from healthplan import embedded

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthplan.settings")
embedded.hold()
application = get_wsgi_application()
