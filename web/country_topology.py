"""The provinces as the page draws them far out: the published topology with fewer points, and without names.

At the zooms that show whole provinces a pixel is 0.026 degrees or more; what is thinner than two of them is left to
the levels below, which have topologies of their own.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray

from web.topology import OBJECT, decode_arcs

TOLERANCE = 0.05
"""Degrees of latitude; a point that moves its line by less is left out."""
GRID = 4_000
STRETCH = 1.25
"""How much longer a degree of latitude is than one of longitude on the map of China."""


def thin_topology(topology: dict[str, Any]) -> dict[str, Any]:
    """Return a topology whose arcs are thinned and written on a coarser grid. Neighbours keep their common arcs."""
    arcs = [np.asarray(arc) for arc in decode_arcs(topology)]
    corner = np.min([arc.min(axis=0) for arc in arcs], axis=0)
    far = np.max([arc.max(axis=0) for arc in arcs], axis=0)
    scale = (far - corner) / (GRID - 1)
    geometries = [
        {
            **{name: geometry[name] for name in ("type", "id", "arcs") if name in geometry},
            "properties": {name: geometry["properties"].get(name) for name in ("parent", "point")},
        }
        for geometry in topology["objects"][OBJECT]["geometries"]
    ]
    return {
        "type": "Topology",
        "transform": {"scale": scale.tolist(), "translate": corner.tolist()},
        "arcs": [_thin(arc, corner, scale) for arc in arcs],
        "objects": {OBJECT: {"type": "GeometryCollection", "geometries": geometries}},
    }


def _thin(arc: NDArray[np.float64], corner: NDArray[np.float64], scale: NDArray[np.float64]) -> list[list[int]]:
    """Return an arc as steps on the grid; its ends stay, because other arcs begin there."""
    line = shapely.simplify(shapely.LineString(arc * (1, STRETCH)), TOLERANCE, preserve_topology=False)
    places = np.rint((np.asarray(line.coords) / (1, STRETCH) - corner) / scale).astype(int)
    steps = np.diff(places, axis=0)
    moves = steps[(steps != 0).any(axis=1)]
    return [places[0].tolist(), *(moves.tolist() or [[0, 0]])]
