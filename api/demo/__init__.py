"""The demonstration: one made-up family, one move, three attempts that fail, and a copy to break oneself."""
