"""Who is it, and what may they do: accounts, how they sign in, what was granted to them, and the one judge of it all."""
