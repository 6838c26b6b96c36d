"""An article as text, Markdown, JSON, XML-TEI and simple HTML."""
