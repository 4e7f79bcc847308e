"""Starts one emulated AWS: `python -m emulator --directory DIR --seed FILE`.

It listens on a free loopback port. `DIR/emulator.json` names the port once every correction is applied and the seed exists.
"""

from __future__ import annotations

import argparse
import json
import logging
import os
from pathlib import Path

# moto reads this variable when it is first imported.
os.environ["TEST_PROXY_MODE"] = "true"

from . import corrections, seed  # noqa: E402
from .certificates import CertificateAuthority  # noqa: E402
from .faults import Injector  # noqa: E402
from .proxy import EmulatorServer  # noqa: E402
from .recorder import Recorder  # noqa: E402


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--directory", type=Path, required=True, help="where certificates, the record of calls and the port are written")
    parser.add_argument("--seed", type=Path, required=True, help="JSON file with the AMIs and hosted zones that exist from the start")
    options = parser.parse_args()
    logging.basicConfig(format="%(asctime)s %(levelname)s %(message)s", level=logging.INFO)
    os.umask(0o077)

    certificates = options.directory / "certificates"
    certificates.mkdir(parents=True, exist_ok=True)
    corrections.target_health.answer_from(options.directory / "target-health.json")
    seed.create(json.loads(options.seed.read_text()))
    authority = CertificateAuthority(certificates)
    faults = Injector(options.directory / "faults")
    server = EmulatorServer(("127.0.0.1", 0), authority, Recorder(options.directory / "calls.jsonl"), faults)

    announcement = options.directory / "emulator.json"
    draft = announcement.with_suffix(".draft")
    draft.write_text(json.dumps({"port": server.server_port, "certificate": str(authority.certificate_file)}))
    draft.rename(announcement)
    logging.info("the emulated AWS answers on port %d", server.server_port)
    server.serve_forever()


if __name__ == "__main__":
    main()
