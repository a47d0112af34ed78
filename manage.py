#!/usr/bin/env python
"""Django's command line.

A command that needs PostgreSQL and Redis starts those of this clone, and stops them at its end if it is the last user.
"""

import os
import signal
import sys

from django.core.management import execute_from_command_line

from healthplan import embedded

# These neither read nor write any data.
WITHOUT_SERVICES = {
    "check",
    "collectstatic",
    "compilemessages",
    "diffsettings",
    "findstatic",
    "help",
    "makemessages",
    "startapp",
    "version",
}


def needs_services(arguments: list[str]) -> bool:
    asks_help = not arguments or any(word in ("-h", "--help", "--version") for word in arguments)
    return not asks_help and arguments[0] not in WITHOUT_SERVICES


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "healthplan.settings")
    if needs_services(sys.argv[1:]):
        signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))  # an orderly end, which lets go of the servers
        embedded.hold()
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
