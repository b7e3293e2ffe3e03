"""manage.py load_demo: the demonstration city and its sign-ins."""

from django.conf import settings
from django.core.management.base import BaseCommand

from geoportal.management.demo import load
from geoportal.management.demo.people import open_sign_ins, refuse_known_password
from investment.models import Park
from layers.models import District


class Command(BaseCommand):
    """Add what is missing of the demonstration city; a second run changes nothing."""

    help = "Load the demonstration city (Suihua) and show who can sign in."

    def add_arguments(self, parser):
        parser.add_argument(
            "--if-empty",
            action="store_true",
            help="do nothing where there already are districts or parks",
        )
        parser.add_argument(
            "--print-sign-ins",
            action="store_true",
            help="only show who can sign in with the demonstration password",
        )

    def handle(self, *args, **options):
        if options["print_sign_ins"]:
            self._print_sign_ins()
            return
        if options["if_empty"] and (District.objects.exists() or Park.objects.exists()):
            return
        refuse_known_password()
        city = load()
        added = ", ".join(f"{number} {kind}" for kind, number in city.added.items() if number)
        self.stdout.write(f"Demonstration city: added {added}." if added else "Nothing to add.")
        self._print_sign_ins()

    def _print_sign_ins(self):
        people = open_sign_ins()
        if not people:
            return
        refuse_known_password()
        for person in people:
            self.stdout.write(
                f"  {person.username:<16}{settings.DEMO_PASSWORD:<20}"
                f"{person.name_zh} / {person.name_en}"
            )
