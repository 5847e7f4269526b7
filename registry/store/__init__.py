"""The ground under the register: engines, sessions with their privileges, keys, bulk writing, append-only guards."""
