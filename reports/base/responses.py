"""A workbook as the answer to a request."""

from django.http import HttpResponse
from django.utils.http import content_disposition_header

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def attachment(filename: str, content: bytes) -> HttpResponse:
    """The Chinese name goes out as RFC 5987 asks (filename*=utf-8'')."""
    disposition = content_disposition_header(as_attachment=True, filename=filename)
    return HttpResponse(content, content_type=XLSX, headers={"Content-Disposition": disposition or "attachment"})
