"""What layers there are: titles, data dictionaries, code lists, stewards, freshness."""
