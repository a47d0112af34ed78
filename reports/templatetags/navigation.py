"""Tags of the page frame: navigation, the banner of sample data, the day it is."""

from django import template
from django.template import RequestContext

from institutions.addresses import START, page_at
from institutions.clock import today
from institutions.models import Institution, User
from reports.navigation import Frame, frame_for
from reports.templatetags.report_format import chinese_date

register = template.Library()


@register.simple_tag(takes_context=True)
def frame(context: RequestContext) -> Frame:
    request = context.get("request")
    if request is None or not isinstance(getattr(request, "user", None), User):
        return Frame([], 0)
    return frame_for(request.user, request.path)


@register.simple_tag(takes_context=True)
def page_here(context: RequestContext) -> str:
    """The address under which this page, or the one it belongs to, can be opened again."""
    request = context.get("request")
    return page_at(request.get_full_path()) if request else START


@register.inclusion_tag("components/sample_banner.html")
def sample_banner() -> dict[str, bool]:
    """Whether the register holds invented institutions (示例数据)."""
    return {"sample": Institution.objects.filter(is_sample=True).exists()}


@register.simple_tag
def business_day() -> str:
    return chinese_date(today())
