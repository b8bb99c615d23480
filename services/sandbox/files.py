"""Files as a customer has them, small and whole: a fax as pdf, one as tiff, a recording as mp3."""

from __future__ import annotations

import struct
from functools import cache

MEDIA_TYPES = {"pdf": "application/pdf", "tiff": "image/tiff", "mp3": "audio/mpeg"}


@cache
def content(kind: str, version: int) -> bytes:
    """The bytes of a ``pdf``, ``tiff`` or ``mp3``; another ``version`` is another file. Raises ``KeyError``."""
    return {"pdf": _pdf, "tiff": _tiff, "mp3": _mp3}[kind](version)


def _pdf(version: int) -> bytes:
    """One page that says which version it is."""
    page = f"BT /F1 24 Tf 72 770 Td (Fax, version {version}) Tj ET".encode()
    objects = (
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources 6 0 R >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(page), page),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        b"<< /Font << /F1 5 0 R >> >>",
    )
    body = b"%PDF-1.4\n"
    places = []
    for number, text in enumerate(objects, start=1):
        places.append(len(body))
        body += b"%d 0 obj\n%s\nendobj\n" % (number, text)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    size = len(objects) + 1
    return (
        body
        + b"xref\n0 %d\n0000000000 65535 f \n%strailer\n<< /Size %d /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n"
        % (
            size,
            table,
            size,
            len(body),
        )
    )


def _tiff(version: int) -> bytes:
    """A bilevel page of 16 × 16 dots, uncompressed, with as many black lines as its version."""
    dots = bytes(0 if line < min(version, 16) else 0xFF for line in range(16) for _ in range(2))
    short, long, rational = 3, 4, 5
    count = 12
    values = 8 + 2 + 12 * count + 4
    entries = (
        (256, short, 1, 16),  # width
        (257, short, 1, 16),  # length
        (258, short, 1, 1),  # bits a sample
        (259, short, 1, 1),  # no compression
        (262, short, 1, 1),  # 0 is black
        (273, long, 1, values + 16),  # where the strip begins
        (277, short, 1, 1),  # samples a pixel
        (278, short, 1, 16),  # rows a strip
        (279, long, 1, len(dots)),
        (282, rational, 1, values),  # dots an inch across
        (283, rational, 1, values + 8),  # and down
        (296, short, 1, 2),  # inches
    )
    directory = b"".join(struct.pack("<HHII", *entry) for entry in entries)
    resolution = struct.pack("<IIII", 204, 1, 196, 1)
    return b"II*\0" + struct.pack("<IH", 8, count) + directory + struct.pack("<I", 0) + resolution + dots


def _mp3(version: int) -> bytes:
    """Silent frames of MPEG-1 layer III, 32 kbit/s, 44.1 kHz, mono: 26 ms each."""
    frame = b"\xff\xfb\x10\xc4"
    return (frame + bytes(104 - len(frame))) * (8 + version)
