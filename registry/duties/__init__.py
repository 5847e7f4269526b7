"""A guarded noun: what a holder owes: stocking limits, grazing bans, dues of the collective."""
