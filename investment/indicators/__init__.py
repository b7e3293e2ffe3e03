"""Figures about the place: economy, costs, investment environment, each with source and date."""
