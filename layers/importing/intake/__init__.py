"""Taking a file in safely: a private copy, archives inspected before they are unpacked."""
