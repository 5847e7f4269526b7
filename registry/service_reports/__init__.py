"""What do the bureaus report of whom they serve (plan II.3.2 to II.3.6): row by row, each once? Land has no place in it.

Nothing is taken in here: the catalogue of tables is read by every command, and reading a report needs pandas.
"""
