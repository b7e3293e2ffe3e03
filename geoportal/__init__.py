"""The project: settings, addresses, people, pages; the only floor that knows both apps."""
