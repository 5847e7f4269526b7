"""The doors: pages, /v1 and the command, as others meet them."""
