#!/usr/bin/env python3
"""Is a page of `allostat report` whole and safe? check_page.py PAGE.html

Well-formed tags, one policy for content that lets in nothing but its own style and script, no address
of the network but names of name spaces, unique ids, and for every picture a title, a description, a
unit and a source.
"""

import base64
import hashlib
import html.parser
import re
import sys

EMPTY = {"meta", "br", "link", "img", "input", "hr"}


class Page(html.parser.HTMLParser):
    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.open, self.ids, self.tags, self.texts = [], [], [], {}

    def handle_starttag(self, tag, attributes):
        self.tags.append((tag, dict(attributes)))
        self.ids += [value for name, value in attributes if name == "id"]
        for name, value in attributes:
            assert not name.startswith("on"), f"script in an attribute: {name}"
            assert name not in ("src", "srcset", "style", "action"), f"{tag} has {name}"
            if name in ("href", "xlink:href"):
                assert value.startswith("#"), f"a link to {value}"
        if tag not in EMPTY:
            self.open.append(tag)

    def handle_startendtag(self, tag, attributes):
        self.handle_starttag(tag, attributes)
        if tag not in EMPTY:
            self.open.pop()

    def handle_endtag(self, tag):
        assert self.open and self.open[-1] == tag, f"</{tag}> within {self.open[-3:]} at {self.getpos()}"
        self.open.pop()

    def handle_data(self, data):
        for tag in self.open:
            self.texts[tag] = self.texts.get(tag, "") + data


def digest(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


source = open(sys.argv[1], encoding="utf-8").read()
page = Page()
page.feed(source)
page.close()
assert not page.open, f"never closed: {page.open}"
assert len(set(page.ids)) == len(page.ids), "an id stands twice"
assert source.count("<script>") == 1 and source.count("<style>") == 1
policies = [a["content"] for tag, a in page.tags if a.get("http-equiv") == "Content-Security-Policy"]
assert len(policies) == 1 and policies[0].startswith("default-src 'none'")
assert "unsafe" not in policies[0]
assert digest(page.texts["script"]) in policies[0] and digest(page.texts["style"]) in policies[0]
addresses = set(re.findall(r"https?://[^\s\"'<)]+", page.texts["script"] + page.texts["style"]))
assert addresses <= {"http://www.w3.org/2000/svg"}, addresses
for forbidden in ("@import", "url(http", "fetch(", "XMLHttpRequest", "WebSocket", "sendBeacon", "eval("):
    assert forbidden not in source, forbidden
pictures = [a for tag, a in page.tags if tag == "svg"]
assert len(pictures) >= 10, len(pictures)
for picture in pictures:
    assert picture["role"] == "img"
    for name in picture["aria-labelledby"].split():
        assert name in page.ids, name
captions = re.findall(r"<figcaption id=\"c\d+\">(.*?)</figcaption>", source, re.S)
assert len(captions) == len(pictures)
for caption in captions:
    assert re.search(r" Unit: [^.]+\. Source: .+", caption, re.S), caption
assert page.tags[1][1].get("lang") == "en" or page.tags[0][1].get("lang") == "en"
print(f"{len(pictures)} pictures, {len(source)} characters")
