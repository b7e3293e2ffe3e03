"""GCJ-02 (国测局坐标) and BD-09 (百度坐标) read back to CGCS2000. Never stored, never served.

The forward shift is the formula that is publicly known; it has no closed inverse, so the inverse is
found by fixed-point iteration to 1e-10 degrees (0.01 mm) against that formula. How near the formula
itself is to what map providers use is a matter of metres: against the official extents of Suihua's
ten counties the result is within about 10 m. Good for maps, not for cadastre.
"""

import numpy as np

#: Krasovsky 1940, on which the shift is computed.
AXIS = 6378245.0
ECCENTRICITY2 = 0.00669342162296594323
#: The shift is applied inside this box only (west, south, east, north), in degrees.
SHIFTED_AREA = (72.004, 0.8293, 137.8347, 55.8271)
STEPS = 30
TOLERANCE = 1e-10
#: What is said of the result, in metres.
ACCURACY = 10.0


def to_gcj02(lonlat: np.ndarray) -> np.ndarray:
    """CGCS2000/WGS 84 degrees (n × 2) shifted as map providers in China show them."""
    lon, lat = lonlat[:, 0], lonlat[:, 1]
    x, y = lon - 105.0, lat - 35.0
    radians = np.radians(lat)
    magic = 1 - ECCENTRICITY2 * np.sin(radians) ** 2
    north = _north(x, y) * 180 / (AXIS * (1 - ECCENTRICITY2) / magic**1.5 * np.pi)
    east = _east(x, y) * 180 / (AXIS / np.sqrt(magic) * np.cos(radians) * np.pi)
    west, south, east_end, north_end = SHIFTED_AREA
    inside = (west <= lon) & (lon <= east_end) & (south <= lat) & (lat <= north_end)
    return lonlat + np.where(inside[:, None], np.column_stack([east, north]), 0.0)


def from_gcj02(shifted: np.ndarray) -> np.ndarray:
    """GCJ-02 degrees (n × 2) to CGCS2000 degrees."""
    return _inverse(to_gcj02, shifted)


def to_bd09(lonlat: np.ndarray) -> np.ndarray:
    """CGCS2000/WGS 84 degrees (n × 2) as Baidu shows them: GCJ-02 shifted once more."""
    x, y = to_gcj02(lonlat).T
    turn = np.pi * 3000.0 / 180.0
    length = np.hypot(x, y) + 0.00002 * np.sin(y * turn)
    angle = np.arctan2(y, x) + 0.000003 * np.cos(x * turn)
    return np.column_stack([length * np.cos(angle) + 0.0065, length * np.sin(angle) + 0.006])


def from_bd09(shifted: np.ndarray) -> np.ndarray:
    """BD-09 degrees (n × 2) to CGCS2000 degrees."""
    return _inverse(to_bd09, shifted)


def _inverse(forward, shifted: np.ndarray) -> np.ndarray:
    guess = shifted.astype(float)
    for _step in range(STEPS):
        error = forward(guess) - shifted
        guess = guess - error
        if not error.size or np.nanmax(np.abs(error)) < TOLERANCE:
            break
    return guess


def _north(x, y):
    wave = _waves(x) - 100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y
    wave = wave + 0.2 * np.sqrt(np.abs(x))
    wave = wave + (20.0 * np.sin(y * np.pi) + 40.0 * np.sin(y / 3.0 * np.pi)) * 2.0 / 3.0
    long = 160.0 * np.sin(y / 12.0 * np.pi) + 320.0 * np.sin(y * np.pi / 30.0)
    return wave + long * 2.0 / 3.0


def _east(x, y):
    wave = _waves(x) + 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y
    wave = wave + 0.1 * np.sqrt(np.abs(x))
    wave = wave + (20.0 * np.sin(x * np.pi) + 40.0 * np.sin(x / 3.0 * np.pi)) * 2.0 / 3.0
    long = 150.0 * np.sin(x / 12.0 * np.pi) + 300.0 * np.sin(x / 30.0 * np.pi)
    return wave + long * 2.0 / 3.0


def _waves(x):
    return (20.0 * np.sin(6.0 * x * np.pi) + 20.0 * np.sin(2.0 * x * np.pi)) * 2.0 / 3.0
