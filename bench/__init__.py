"""How fast, beside which peers: measures that `./run bench` prints and checks against limits.toml."""
