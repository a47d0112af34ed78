"""{% unspaced %}: what is written a piece a line, with nothing between the pieces."""

import re

from django import template
from django.template.base import Node, NodeList, Parser, TextNode, Token
from django.template.loader_tags import IncludeNode
from django.utils.safestring import SafeString, mark_safe

register = template.Library()

LINE_BREAK = re.compile(r"[ \t\r]*\n[ \t\r\n]*")


class Unspaced(Node):
    def __init__(self, nodelist: NodeList) -> None:
        self.nodelist = nodelist

    def render(self, context: template.Context) -> SafeString:
        return self.nodelist.render(context)


class Piece(IncludeNode):
    """An included piece, without the white space around it."""

    def render(self, context: template.Context) -> SafeString:
        return mark_safe(super().render(context).strip())


@register.tag
def unspaced(parser: Parser, _token: Token) -> Unspaced:
    """For a sentence put together from pieces: Chinese has no spaces, so a line break inside it would show as a gap.

    The template's own line breaks vanish with the blanks around them. Values keep theirs; a space that is meant stands
    within a line, or as {{ " " }}.
    """
    pieces = parser.parse(("endunspaced",))
    parser.delete_first_token()
    for node in pieces.get_nodes_by_type(Node):
        if isinstance(node, TextNode):
            node.s = LINE_BREAK.sub("", node.s)
        elif isinstance(node, IncludeNode):
            node.__class__ = Piece
    return Unspaced(pieces)
