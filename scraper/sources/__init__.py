"""Where addresses come from: lists, feeds, sitemaps, links. They parse; they fetch nothing."""
