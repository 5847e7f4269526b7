"""The register written back as the folder that it came in."""
