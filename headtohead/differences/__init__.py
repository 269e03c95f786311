"""Differences between the frameworks: pairs of programs of a few lines, run, with a fix that is run as well."""
