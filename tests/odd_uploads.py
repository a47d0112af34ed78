"""Every odd workbook through every upload, with a table of the outcomes by kind: python -m tests.odd_uploads"""

import os
import sys

import pytest


def main() -> int:
    os.environ["ODD_UPLOADS"] = "all"
    return pytest.main(["tests/reports/workbooks/test_odd_uploads.py", "-q", "--tb=short"])


if __name__ == "__main__":
    sys.exit(main())
