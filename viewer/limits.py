"""Every limit for untrusted input, in one table (reasons beside each)."""

from __future__ import annotations

KB, MB, GB = 1 << 10, 1 << 20, 1 << 30

# Exports
EXPORT_BYTES = 8 * GB  # an export, or the JSON member of a ZIP
ZIP_RATIO = 200  # unpacked : packed, beyond ZIP_RATIO_FROM; deflate reaches 1,029, exports 5-8
ZIP_RATIO_FROM = 100 * MB
ZIP_MEMBERS = 10_000
ASSET_JSON_BYTES = 256 * MB  # the JSON of one asset
JSON_DEPTH = 100
POINTS_PER_SHAPE = 2_000_000
POINTS_PER_PAGE = 20_000_000
TEXT_BYTES = 1 * MB
TEXT_SHOWN = 2_000  # characters of one text field in the window
PROBLEMS_KEPT = 10_000
COMPARE_PROCESSES = 4  # that compare the stages of a whole export beside the window

# Pictures
IMAGE_SIDE = 65_535
IMAGE_PIXELS = 1_000_000_000
IMAGE_PAGES = 10_000  # directories of one TIFF
IMAGE_DECODE_BYTES = 1 * GB  # one picture decoded whole; below WORKER_MEMORY_MIN, with room for the raster
RASTER_PIXELS = 64_000_000  # one request; the scale is lowered to fit
BRUSH_PIXELS = 64_000_000
BRUSH_BYTES = 64 * MB
PDF_PAGES = 100_000
PDF_SIDE = 14_400.0  # points
VIDEO_FRAMES = 10_000_000
VIDEO_SIDE = 16_384
DICOM_BYTES = (1 << 31) - 1  # frames x size
DICOM_HEADER_BYTES = 256 * MB  # all that stands before the pixels
DICOM_INFLATED_BYTES = 1 * GB  # a deflated dataset, unpacked as a whole

# Fetching
ASSET_BYTES = 20 * GB
REDIRECTS = 5
HEADER_BYTES = 64 * KB
CONNECT_S, FIRST_BYTE_S, IDLE_S = 10.0, 30.0, 30.0
DISK_RESERVE = 1 * GB
SLOW_BYTES_PER_S, SLOW_S = 1 * KB, 60.0  # slower than this for so long: given up
ENCODED_RATIO = 200  # a Content-Encoding that unpacks to more, beyond ENCODED_RATIO_FROM, is a bomb
ENCODED_RATIO_FROM = 100 * MB
REFUSAL_BYTES = 64 * KB  # of the text that comes with a refusal
ASSET_S = 24 * 3600.0  # one file as a whole, all tries together
CACHE_BYTES = 20 * GB  # beyond it, what was not used for longest goes
FETCH_TRIES = 5  # without progress in between
FETCH_TRIES_MOST = 200  # of one file, however much each of them brings
FETCH_PROGRESS = 64 * KB  # so much more is progress
FETCH_WAIT_S, FETCH_WAIT_MAX_S = 0.5, 30.0  # between two tries
RETRY_AFTER_S = 300.0  # a server may ask for so long where the wait is shown; a longer one is told to the user instead
FETCH_JOBS, FETCH_PER_HOST = 8, 6  # downloads at a time
HUB_JOBS = 6  # questions for links at a time
HUB_ANSWER_BYTES = 256 * KB  # an answer holds one link
HUB_EXPORT_BYTES = 512 * MB  # a fresh export, packed; it is kept in memory alone
HUB_EXPORT_S = 600.0  # until an export is made
STREAM_FROM = 16 * MB  # a smaller video is fetched as a whole before it is opened
STREAM_CACHE_SHARE = 4  # blocks of files that are not whole have this part of the cache at most
FOLDER_ENTRIES = 500_000  # looked at in "Look in folder…"

# Workers
TILE_S, IMAGE_S, OPEN_S = 10.0, 20.0, 60.0
READY_S = 20.0
WORKER_MEMORY_MIN, WORKER_MEMORY_MAX = 1_536 * MB, 4 * GB
MESSAGE_BYTES = 65_536
FAIL_TEXT = 300
NOTE_BYTES = 1_024
SLOTS = 3
