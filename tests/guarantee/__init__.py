"""The guarantee, one invariant a file: each proves one rule of policy-map.md section 8 on both engines."""
