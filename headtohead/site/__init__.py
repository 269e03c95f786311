"""Shows what was recorded: directives on pages become HTML. Knows neither framework, and nothing of who runs."""
