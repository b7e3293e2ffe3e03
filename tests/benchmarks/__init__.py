"""Measurements beside other servers on the same PostGIS; run by script/bench."""
