"""Decisions about the rights themselves, of facts and a day. Where people live or are registered is no fact of any."""
