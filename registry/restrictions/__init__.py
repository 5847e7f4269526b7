"""A guarded noun: what limits a right: seizure, mortgage, objection, dispute, pledge."""
