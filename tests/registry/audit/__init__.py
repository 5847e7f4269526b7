"""Does the audit name what disagrees, and nothing else?"""
