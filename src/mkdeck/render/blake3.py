"""BLAKE3, after its specification: Anki names the element of a hint by it."""

from __future__ import annotations

import struct

_START, _END, _PARENT, _ROOT = 1, 2, 4, 8
_BLOCK, _CHUNK = 64, 1024
_MASK = 0xFFFFFFFF
_IV = (
    0x6A09E667, 0xBB67AE85, 0x3C6EF372, 0xA54FF53A, 0x510E527F, 0x9B05688C, 0x1F83D9AB, 0x5BE0CD19,
)  # fmt: skip
_PERMUTATION = (2, 6, 3, 10, 7, 0, 4, 13, 1, 11, 12, 5, 9, 14, 15, 8)
_COLUMNS = ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15))
_DIAGONALS = ((0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14))
_MIXES = _COLUMNS + _DIAGONALS
_ROUNDS = 7

Words = tuple[int, ...]


def digest(data: bytes) -> bytes:
    """Give the 32 bytes of the hash."""
    chunks = [data[start : start + _CHUNK] for start in range(0, len(data), _CHUNK)] or [b""]
    if len(chunks) == 1:
        return struct.pack("<8I", *_chunk(chunks[0], 0, _ROOT))
    level = [_chunk(chunk, place, 0) for place, chunk in enumerate(chunks)]
    while len(level) > 2:
        # The left side of a tree is always full, so that pairing from the left gives the same tree.
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [_compress(_IV, pair[0] + pair[1], 0, _BLOCK, _PARENT) if pair[1:] else pair[0] for pair in pairs]
    return struct.pack("<8I", *_compress(_IV, level[0] + level[1], 0, _BLOCK, _PARENT | _ROOT))


def _chunk(data: bytes, place: int, flags: int) -> Words:
    """Give the chaining value of the chunk at `place`; `flags` are those of its last block."""
    chain: Words = _IV
    last = max(0, (len(data) - 1) // _BLOCK) * _BLOCK
    for start in range(0, last + 1, _BLOCK):
        block = data[start : start + _BLOCK]
        of_block = (0 if start else _START) | (flags | _END if start == last else 0)
        words = struct.unpack("<16I", block.ljust(_BLOCK, b"\0"))
        chain = _compress(chain, words, place, len(block), of_block)
    return chain


def _compress(chain: Words, block: Words, counter: int, length: int, flags: int) -> Words:
    state = [*chain, *_IV[:4], counter & _MASK, counter >> 32, length, flags]
    for _ in range(_ROUNDS):
        for mix, (a, b, c, d) in enumerate(_MIXES):
            for word, first, second in ((block[2 * mix], 16, 12), (block[2 * mix + 1], 8, 7)):
                state[a] = (state[a] + state[b] + word) & _MASK
                turned = state[d] ^ state[a]
                state[d] = (turned >> first | turned << 32 - first) & _MASK
                state[c] = (state[c] + state[d]) & _MASK
                turned = state[b] ^ state[c]
                state[b] = (turned >> second | turned << 32 - second) & _MASK
        block = tuple(block[place] for place in _PERMUTATION)
    return tuple(state[place] ^ state[place + 8] for place in range(8))
