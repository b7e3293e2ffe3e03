"""Parks, sites and projects: records, utilities and prices, photos, public pages."""
