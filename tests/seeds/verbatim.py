#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""verbatim.py SCRIPT DOCUMENT-GLOB: every line of the script that begins with `curl "http` or
`openssl genrsa|rsa`, with the lines that continue it, stands in the document as it is. Exit 77
(skipped) where the documents are not there."""
import glob
import os
import re
import sys

# Corrections: the token is another one, or the page's private key is left out.
CORRECTED = ('-H "Authorization: ${minted}"', '"public_key": "-----BEGIN PUBLIC KEY-----')


def commands(text):
    for paragraph in re.split(r"\n\s*\n", text):
        lines = [line for line in paragraph.split("\n") if not line.startswith("#")]
        if lines and lines[0].startswith('curl "http'):
            yield "\n".join(lines)
        for line in lines:
            if re.match(r"openssl (genrsa|rsa) ", line):
                yield line.replace(" 2>/dev/null", "")


def main(script, pattern):
    folder = os.environ.get("POSTERN_SEEDS") or os.path.join(
        os.path.dirname(os.path.abspath(__file__)), "..", "..", "..", "shared", "seeds")
    documents = glob.glob(os.path.join(folder, pattern))
    if not documents:
        print(f"skipped: no {pattern} in {folder}; POSTERN_SEEDS names the folder")
        return 77
    with open(documents[0], encoding="utf-8") as file:
        manual = file.read().replace("\r", "")
    with open(script, encoding="utf-8") as file:
        found = list(commands(file.read()))
    # Whole lines only: a command that lost its end is not the manual's.
    other = [command for command in found
             if "\n" + command + "\n" not in manual and not any(c in command for c in CORRECTED)]
    for command in other:
        print(f"not in the manual:\n{command}\n")
    print(f"{len(found)} commands, {len(other)} that the manual has not")
    return 1 if other or len(found) < 5 else 0


sys.exit(main(*sys.argv[1:]))
