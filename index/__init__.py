"""Which passages fit a query.

onnxruntime's official builds report to their maker (Privacy.md in the package), and only this variable stops them; it counts
when the library is first loaded, so it is set here, before any module of the room. tests/integration/test_offline.py watches.
"""

import os

os.environ["ORT_DISABLE_TELEMETRY"] = "1"
