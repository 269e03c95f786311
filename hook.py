"""What MkDocs loads of this project: here, at the root, so that the machinery is found without being installed."""

from headtohead.site.hook import (
    on_config,
    on_env,
    on_files,
    on_nav,
    on_page_content,
    on_post_build,
    on_post_page,
    on_post_template,
    on_startup,
)

__all__ = [
    "on_config",
    "on_env",
    "on_files",
    "on_nav",
    "on_page_content",
    "on_post_build",
    "on_post_page",
    "on_post_template",
    "on_startup",
]
