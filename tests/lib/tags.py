"""HTML of ours, as a strict reader sees it."""

import html.parser


class Tags(html.parser.HTMLParser):
    """Whether each tag is closed, and which attributes there are."""

    def __init__(self, void=("meta",)):
        """void: what has no end."""
        super().__init__()
        self.void = void
        self.open, self.attributes, self.wrong = [], set(), []

    def handle_starttag(self, tag, attrs):
        self.attributes.update(name for name, _ in attrs)
        if tag not in self.void:
            self.open.append(tag)

    def handle_startendtag(self, tag, attrs):
        self.attributes.update(name for name, _ in attrs)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.wrong.append(tag)
