"""Policies; procedures step by step follow here."""
