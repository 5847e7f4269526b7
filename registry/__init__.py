"""Rights, the parties that hold them, and the ledger that proves a lawful cause of each change."""
