"""A workspace to the source of a static site, and that source to the site: pages, navigation, problem types, links checked."""
