"""Content codings: which is chosen, and that what is packed can be unpacked."""

from __future__ import annotations

import gzip

import brotli
import pytest
import zstandard

from app.compression import Coding, Stream, choose_coding, compress, is_compressible

BODY = b'{"title":"' + "工人讨薪 ".encode() * 500 + b'"}'
UNPACK = {
    Coding.ZSTD: lambda packed: zstandard.ZstdDecompressor().decompressobj().decompress(packed),
    Coding.BROTLI: brotli.decompress,
    Coding.GZIP: gzip.decompress,
    Coding.IDENTITY: bytes,
}


@pytest.mark.parametrize(
    ("accepted", "expected"),
    [
        (b"", Coding.IDENTITY),
        (b"identity", Coding.IDENTITY),
        (b"gzip", Coding.GZIP),
        (b"gzip, deflate", Coding.GZIP),
        (b"gzip, deflate, br", Coding.BROTLI),
        (b"gzip, deflate, br, zstd", Coding.ZSTD),
        (b"GZIP;q=0.5, BR;q=0.4", Coding.GZIP),
        (b"zstd;q=0, br;q=0, gzip", Coding.GZIP),
        (b"gzip;q=0", Coding.IDENTITY),
        (b"*", Coding.ZSTD),
        (b"*;q=0, gzip", Coding.GZIP),
        (b"gzip;q=x", Coding.IDENTITY),
        (b"\xff\xfe;;q,,", Coding.IDENTITY),
    ],
)
def test_the_coding_is_one_that_the_reader_takes(accepted: bytes, expected: Coding) -> None:
    """By the reader's weights; among equals the one that costs least."""
    assert choose_coding(accepted) is expected


def test_what_never_changes_is_packed_as_small_as_may_be() -> None:
    """It is packed once, so brotli's time does not matter."""
    assert choose_coding(b"gzip, br, zstd", for_ever=True) is Coding.BROTLI
    body = " ".join(str(number**2) for number in range(5_000)).encode()
    assert len(compress(body, Coding.BROTLI, for_ever=True)) < len(compress(body, Coding.BROTLI))


@pytest.mark.parametrize("coding", list(Coding))
def test_what_is_packed_can_be_unpacked(coding: Coding) -> None:
    """As a whole, and in pieces; the same body gives the same bytes every time."""
    assert UNPACK[coding](compress(BODY, coding)) == BODY
    assert compress(BODY, coding) == compress(BODY, coding)
    stream = Stream(coding)
    pieces = [BODY[start : start + 1_000] for start in range(0, len(BODY), 1_000)]
    packed = b"".join(stream.pack(piece, last=False) for piece in pieces) + stream.pack(b"", last=True)
    assert UNPACK[coding](packed) == BODY


@pytest.mark.parametrize(
    ("media_type", "expected"),
    [
        (b"application/geo+json", True),
        (b"application/problem+json", True),
        (b"text/csv; charset=utf-8", True),
        (b"application/vnd.mapbox-vector-tile", True),
        (b"image/svg+xml", True),
        (b"application/geopackage+sqlite3", False),
        (b"application/vnd.apache.parquet", False),
        (b"image/png", False),
        (b"", False),
    ],
)
def test_what_is_packed_already_is_left_as_it_is(media_type: bytes, expected: bool) -> None:  # noqa: FBT001  (a table)
    """Texts become smaller; other files do not."""
    assert is_compressible(media_type) is expected
