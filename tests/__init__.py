"""What the registry promises, each promise as a test. The folders mirror the rooms."""
