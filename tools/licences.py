#!/usr/bin/env python3
"""Fails when a dependency cannot be used under a permissive licence."""

import json
import subprocess
import sys

PERMISSIVE = {
    "MIT", "MIT-0", "Apache-2.0", "Apache-2.0 WITH LLVM-exception", "BSD-2-Clause", "BSD-3-Clause", "ISC", "Zlib", "0BSD",
    "Unicode-3.0", "Unlicense", "CC0-1.0", "BSL-1.0", "MPL-2.0", "OFL-1.1",
}


def is_permissive(expression: str) -> bool:
    """Whether some way through an SPDX expression uses permissive licences only (OR: any, AND: all)."""
    expression = expression.replace("/", " OR ").replace("(", " ").replace(")", " ")
    alternatives = [part.strip() for part in expression.split(" OR ")]
    return any(all(term.strip() in PERMISSIVE for term in part.split(" AND ")) for part in alternatives)


def main() -> int:
    """Reads the resolved dependency graph and lists what is not permissive."""
    command = ["cargo", "metadata", "--format-version", "1", "--locked", "--offline"]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    if result.returncode != 0:
        command.remove("--offline")
        result = subprocess.run(command, capture_output=True, text=True, check=True)
    packages = json.loads(result.stdout)["packages"]
    refused = [(p["name"], p["version"], p["license"]) for p in packages if not is_permissive(p["license"] or "")]
    for name, version, licence in refused:
        print(f"licence check: {name} {version} is '{licence}'", file=sys.stderr)
    print(f"licence check: {len(packages)} packages, {len(refused)} refused")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
