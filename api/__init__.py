"""How a person or a program asks the registry: the command, the `/v1` service, the pages. Knows no SQL."""
