"""Withdrawals of deliveries."""
