"""The rules for the site that `sadpath docs` builds (SP7xx)."""

from __future__ import annotations

from typing import Final

from sadpath.diagnostics.model import Rule, Severity

SITE_BUILDER_MISSING: Final = Rule(
    "SP701",
    "site-builder-missing",
    Severity.ERROR,
    "A package that builds or serves the site is not installed.",
    "sadpath makes the pages, and Zensical makes a site of them; generating code needs neither.",
    'Install what the site needs: `pip install "sadpath[docs]"`.',
)
SITE_BUILDER_FAILED: Final = Rule(
    "SP702",
    "site-builder-failed",
    Severity.ERROR,
    "Zensical could not build the site.",
    "Without its pages there is no site to check or to write.",
    "Read what Zensical says; where pages of your own are not the cause, report it with the smallest workspace that shows it.",
)
SITE_FOLDER_FOREIGN: Final = Rule(
    "SP703",
    "site-folder-foreign",
    Severity.ERROR,
    "The folder for the site holds files that are not from an earlier build of it.",
    "Stale pages of a site are removed, and somebody's files must never be among them.",
    "Name a folder that is empty, that does not exist yet, or that `sadpath docs build` has made.",
)
BROKEN_LINK: Final = Rule(
    "SP704",
    "site-broken-link",
    Severity.ERROR,
    "A page of the site leads to a page or a heading that the site does not have.",
    "Whoever follows the link is lost, and nobody hears of it.",
    "Correct the link, or add what it leads to.",
)
FOREIGN_REQUEST: Final = Rule(
    "SP705",
    "foreign-request",
    Severity.ERROR,
    "A page of the site would load a file from another host.",
    "The site has to work without a network, and reading it must tell no one else what is read.",
    "Put the file beside the page, and refer to it by a relative path.",
)
GUIDES_MISSING: Final = Rule(
    "SP706",
    "guides-missing",
    Severity.ERROR,
    "The folder of guides that the configuration names does not exist.",
    "A misspelt path would leave all guides out in silence.",
    "Correct `guides`, or create the folder; a path in the configuration is relative to the configuration file.",
)
GUIDE_HEAD: Final = Rule(
    "SP707",
    "guide-head",
    Severity.ERROR,
    "The head of a guide can't be understood.",
    "It says where the guide stands in the navigation, and by what name.",
    "Write `title:` and `order:`, each on a line of its own, between two lines `---` at the top; `order` is a whole number.",
)
SITE_WITHOUT_PAGES: Final = Rule(
    "SP708",
    "site-without-pages",
    Severity.ERROR,
    "No API of the configuration has the target `docs`.",
    "The site is made of the pages of APIs.",
    'Add "docs" to `targets` of an API, or leave `targets` out.',
)
