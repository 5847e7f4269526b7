"""Which version of GeoPackage is written, by the register and by exports alike? Apart, for who loads no storage."""

USER_VERSION = 10300
"""GeoPackage 1.3.0: the newest that GDAL of Debian 12 reads without a warning; nothing newer is used here."""
