"""The generated deliveries and the measures of `./run bench`."""
