"""Cases: kinds, rules, the engine, and what each kind writes."""
