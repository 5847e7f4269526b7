"""The query API, version 1: routes by noun, what they answer, and how an answer is written."""
