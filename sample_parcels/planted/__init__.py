"""Deliveries with listed faults of every rule in registry/delivery/faults.toml, made from one clean delivery.

`python -m sample_parcels.planted.make OUT` writes one folder for each case, with TRUTH.csv beside the delivery. A rule
without a case fails tests/sample_parcels/test_planted.py, which holds the inspection to the lists: recall and precision 1.0.
"""
