"""Accounts, roles and areas of responsibility."""
