"""What QGIS makes of an API, without a window: run by the Python that QGIS belongs to, with the API's address.

Prints one JSON object: for each collection whether its layer is valid and how many features it counts and reads; then
what two layers with filters find: one of a box, one of days and a code.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from qgis.core import (  # type: ignore[import-not-found]
    QgsApplication,
    QgsFeatureRequest,
    QgsRectangle,
    QgsVectorLayer,
)

PAGE = 500


def open_layer(api: str, collection: str, more: str = "") -> Any:
    """Open a collection by QGIS's own provider."""
    return QgsVectorLayer(f"url='{api}' typename='{collection}' pageSize='{PAGE}'{more}", collection, "OAPIF")


def read_ids(layer: Any, request: Any = None) -> list[str]:
    """Return the ids of the features that a layer gives."""
    features = layer.getFeatures(request) if request is not None else layer.getFeatures()
    return sorted(feature["id"] for feature in features)


def describe(layer: Any) -> dict[str, Any]:
    """Return what a whole layer is and holds."""
    return {
        "valid": layer.isValid(),
        "crs": layer.crs().authid(),
        "count": layer.featureCount(),
        "ids": read_ids(layer),
    }


def main() -> None:
    """Open everything and tell."""
    api, box, subset, *collections = sys.argv[1:]
    QgsApplication.setPrefixPath("/usr", True)  # noqa: FBT003  (QGIS's own signature)
    application = QgsApplication([], False)  # noqa: FBT003  (as above: no window)
    application.initQgis()
    told: dict[str, Any] = {"whole": {name: describe(open_layer(api, name)) for name in collections}}
    boxed = open_layer(api, "strikes", " restrictToRequestBBOX='1'")
    told["boxed"] = read_ids(boxed, QgsFeatureRequest().setFilterRect(QgsRectangle(*map(float, box.split(",")))))
    chosen = open_layer(api, "strikes")
    told["subset_taken"] = chosen.setSubsetString(subset)
    told["chosen"] = read_ids(chosen)
    sys.stdout.write(json.dumps(told))
    sys.stdout.flush()
    os._exit(0)  # QGIS's own way out needs a window system


if __name__ == "__main__":
    main()
