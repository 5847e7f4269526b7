"""What is answered, in plain values: the service writes them as JSON, the command with `--json` writes the same."""
