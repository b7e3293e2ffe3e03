"""Answers below a version (`/api/v/{version}/…`), made once and given out without the framework."""
