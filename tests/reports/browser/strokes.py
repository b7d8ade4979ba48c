"""Digits as a hand draws them: strokes, each a list of points (x, y) between 0 and 1, y downward."""

from math import cos, pi, sin


def _arc(centre_x, centre_y, radius_x, radius_y, first, last, steps=12):
    """Points on an ellipse; angles in degrees, clockwise from the right."""
    angles = (first + (last - first) * i / steps for i in range(steps + 1))
    return [(centre_x + radius_x * cos(a * pi / 180), centre_y + radius_y * sin(a * pi / 180)) for a in angles]


def _line(*corners, steps=5):
    """Points on the lines between corners."""
    points = [corners[0]]
    for (x0, y0), (x1, y1) in zip(corners, corners[1:]):
        points += [(x0 + (x1 - x0) * i / steps, y0 + (y1 - y0) * i / steps) for i in range(1, steps + 1)]
    return points


digits = {
    0: [_arc(0.5, 0.5, 0.22, 0.34, -90, 270, 20)],
    1: [_line((0.53, 0.15), (0.47, 0.85))],
    2: [_arc(0.5, 0.33, 0.2, 0.18, -170, 40) + _line((0.63, 0.46), (0.3, 0.83), (0.74, 0.83))],
    3: [_arc(0.47, 0.33, 0.19, 0.17, -150, 80) + _arc(0.48, 0.66, 0.22, 0.18, -80, 150)],
    4: [_line((0.35, 0.15), (0.28, 0.52), (0.72, 0.5)), _line((0.66, 0.18), (0.6, 0.87))],
    5: [_line((0.7, 0.17), (0.37, 0.17), (0.34, 0.46)) + _arc(0.47, 0.64, 0.21, 0.2, -115, 150)],
    6: [_line((0.6, 0.13), (0.42, 0.36), (0.34, 0.62)) + _arc(0.49, 0.66, 0.16, 0.17, -180, 180, 18)],
    7: [_line((0.28, 0.2), (0.72, 0.2), (0.45, 0.86))],
    8: [_arc(0.5, 0.33, 0.15, 0.16, 90, 450, 15) + _arc(0.5, 0.67, 0.18, 0.18, -90, 270, 15)],
    9: [_arc(0.5, 0.34, 0.16, 0.17, 0, 360, 18) + _line((0.66, 0.34), (0.6, 0.86))],
}
