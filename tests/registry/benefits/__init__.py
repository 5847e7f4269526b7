"""Farm policies as dated data, and the lists that follow from entitlements alone."""
