"""A process that is started while OpenCV is being imported starts all the same."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

SCRIPT = """
import multiprocessing, threading
from viewer import spawning

def main():
    imported = threading.Thread(target=spawning.opencv)
    imported.start()
    codes = []
    while imported.is_alive() or len(codes) < 2:
        process = multiprocessing.get_context("spawn").Process(target=int)
        with spawning.LOCK:
            process.start()
        process.join()
        codes.append(process.exitcode)
    assert codes == [0] * len(codes), codes
    import sys
    assert "cv2" in sys.modules

if __name__ == "__main__":
    main()
"""


def test_processes_start_while_opencv_is_imported(tmp_path: Path) -> None:
    script = tmp_path / "race.py"
    script.write_text(SCRIPT)
    root = Path(__file__).parent.parent
    done = subprocess.run(
        [sys.executable, str(script)],
        capture_output=True,
        text=True,
        timeout=120,
        env={"PYTHONPATH": str(root)},
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
