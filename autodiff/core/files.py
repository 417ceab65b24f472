"""Files, written beside their place and moved there: whoever reads one finds the old or the new, and all of it."""

import os
import secrets
import shutil
from contextlib import suppress
from pathlib import Path


def write(path: str | Path, content: bytes) -> Path:
    """The content in a file, its folder made where there is none; on a full disk, or at Ctrl-C, the old one stays.

    A link is followed; what is no plain file, as /dev/stdout, is written to as it is. OSError where that fails.
    """
    path = Path(path)
    place = Path(os.path.realpath(path))
    place.parent.mkdir(parents=True, exist_ok=True)
    if path.exists() and not path.is_file():
        path.write_bytes(content)  # a folder refuses
        return path
    beside = place.with_name(f".{secrets.token_hex(8)}.part")
    try:
        with beside.open("xb") as file:
            file.write(content)
            file.flush()
            os.fsync(
                file.fileno()
            )  # else a disk that is full, or loses power, may leave an empty file in the old one's place
        if place.exists():
            shutil.copymode(place, beside)
        beside.replace(place)
    except BaseException:
        with suppress(OSError):
            beside.unlink(missing_ok=True)
        raise
    return path
