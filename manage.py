#!/usr/bin/env python
"""Django's command line; `script/manage` runs it inside the prepared environment."""

import os
import sys

from django.core.management import execute_from_command_line
from environs import EnvError

from geoportal.environment import sentence

if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "geoportal.settings")
    try:
        execute_from_command_line(sys.argv)
    except EnvError as error:
        sys.exit(sentence(error))
