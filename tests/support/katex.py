"""KaTeX, which reads LaTeX in pages: what it refuses, found by one process of Node for all texts."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

KATEX = Path(sys.prefix) / "katex" / "node_modules" / "katex"
SCRIPT = """
const katex = require(process.argv[1]);
const refused = [];
for (const text of JSON.parse(require("fs").readFileSync(0, "utf8"))) {
  try { katex.renderToString(text, { displayMode: true, throwOnError: true, strict: false }); }
  catch (error) { refused.push([text, error.message]); }
}
console.log(JSON.stringify(refused));
"""


def refused_by_katex(texts):
    """[text, what KaTeX says] for each that it refuses; the test is skipped where KaTeX is missing, but not in CI."""
    node = shutil.which("node")
    if node is None or not KATEX.is_dir():
        (pytest.fail if os.environ.get("CI") else pytest.skip)(
            "needs KaTeX and Node: make katex, where npm is installed"
        )
    asked = json.dumps(list(texts))
    done = subprocess.run(
        [node, "-e", SCRIPT, str(KATEX)], input=asked, capture_output=True, text=True, check=True, encoding="utf-8"
    )
    return json.loads(done.stdout)
