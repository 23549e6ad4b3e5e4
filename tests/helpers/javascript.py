"""Run functions of the site's ES modules in Node, to compare them with their Python counterparts."""

import base64
import json
import subprocess

from django.conf import settings

from tests.helpers.programs import require_program

#: The module is imported from a `data:` URL, since Node reads a file named `.js` as CommonJS.
RUNNER = """
const [source, name] = process.argv.slice(1);
const module = await import(`data:text/javascript;base64,${source}`);
let input = "";
for await (const chunk of process.stdin) input += chunk;
process.stdout.write(JSON.stringify(JSON.parse(input).map((args) => module[name](...args))));
"""


def call_exported(script, function, calls):
    """The results of calling an exported function of a script in static/ once for each list of arguments.

    The script can't import others. Without Node the test is skipped; with CI=true it fails.
    """
    source = base64.b64encode((settings.BASE_DIR / "static" / script).read_bytes()).decode()
    command = [require_program("node", "nodejs"), "--input-type=module", "--eval", RUNNER, source, function]
    ran = subprocess.run(
        command, input=json.dumps(calls), capture_output=True, encoding="utf-8", timeout=60, check=False
    )
    assert ran.returncode == 0, ran.stderr
    return json.loads(ran.stdout)
