"""Measures the pages against a bare one, and PAY002 against the renderer's defaults. Run by `make bench`."""
