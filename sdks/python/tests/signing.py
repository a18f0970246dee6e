"""Ed25519 signing (RFC 8032, section 5.1.6), for tests: the guard itself only verifies."""

import hashlib

from firebreak_guard import ed25519


def _encoded(point):
    x, y, z, _ = point
    inverse = pow(z, ed25519._P - 2, ed25519._P)
    x, y = x * inverse % ed25519._P, y * inverse % ed25519._P
    return (y | ((x & 1) << 255)).to_bytes(32, "little")


def _secret(seed):
    digest = hashlib.sha512(seed).digest()
    scalar = int.from_bytes(digest[:32], "little")
    return (scalar & ((1 << 254) - 8)) | (1 << 254), digest[32:]


def public_of(seed):
    return _encoded(ed25519._times(_secret(seed)[0], ed25519._BASE))


def sign(seed, message):
    scalar, prefix = _secret(seed)
    public = public_of(seed)
    r = int.from_bytes(hashlib.sha512(prefix + message).digest(), "little") % ed25519._L
    big_r = _encoded(ed25519._times(r, ed25519._BASE))
    h = int.from_bytes(hashlib.sha512(big_r + public + message).digest(), "little") % ed25519._L
    return big_r + ((r + h * scalar) % ed25519._L).to_bytes(32, "little")
