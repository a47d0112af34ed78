"""A brake before anything is written: a request that is far too large brings no files at all."""

from typing import Any

from django.core.files.uploadhandler import FileUploadHandler, SkipFile

REQUEST_MEGABYTES = 250  # more than any page takes at once; the limits of a single file stand with its page


class CappedUpload(FileUploadHandler):
    """First of FILE_UPLOAD_HANDLERS. The page then says that no file has come."""

    length = 0

    def handle_raw_input(
        self, input_data: Any, META: Any, content_length: int, boundary: Any, encoding: str | None = None
    ) -> None:
        self.length = content_length

    def new_file(self, *args: Any, **kwargs: Any) -> None:
        super().new_file(*args, **kwargs)
        if self.length > REQUEST_MEGABYTES * 1024 * 1024:
            raise SkipFile

    def receive_data_chunk(self, raw_data: bytes, start: int) -> bytes:
        return raw_data

    def file_complete(self, file_size: int) -> None:
        return None
