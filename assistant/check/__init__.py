"""A draft claim and its evidence to a verdict; nothing unchecked leaves the house."""
