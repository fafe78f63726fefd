"""The declarations of layers agree with the tables, the vocabularies and themselves."""

from __future__ import annotations

import pytest

from geo.layers import COLLECTIONS, INCIDENTS, LAYERS, PROPERTIES, RECORDS, Kind, Property, properties_of
from geo.records.tables import LAYER_COLUMNS, accountability_case, incident
from geo.serving.tables import feature
from geo.vocabularies import vocabularies

NAMES = [prop.name for prop in PROPERTIES]


def test_property_names_are_unique() -> None:
    """A property is declared once, whatever the number of layers that have it."""
    assert len(set(NAMES)) == len(NAMES)


@pytest.mark.parametrize("prop", PROPERTIES, ids=NAMES)
def test_every_property_has_a_label_in_three_scripts(prop: Property) -> None:
    """No label is empty, and the Chinese ones are not left in English."""
    assert all((prop.labels.en, prop.labels.zh_hans, prop.labels.zh_hant))
    assert prop.labels.en.isascii()
    assert not prop.labels.zh_hans.isascii()
    assert not prop.labels.zh_hant.isascii()


@pytest.mark.parametrize("prop", [prop for prop in PROPERTIES if prop.filterable], ids=lambda prop: prop.name)
def test_every_filterable_property_is_a_column_of_the_read_model(prop: Property) -> None:
    """Filters are conditions on columns; a declaration without its column would be a filter that fails."""
    assert prop.name in feature.c


@pytest.mark.parametrize("prop", [prop for prop in PROPERTIES if prop.vocabulary], ids=lambda prop: prop.name)
def test_every_named_vocabulary_exists(prop: Property) -> None:
    """A property's vocabulary is a file of the tree."""
    assert prop.vocabulary in vocabularies()


@pytest.mark.parametrize("prop", PROPERTIES, ids=NAMES)
def test_codes_have_a_vocabulary(prop: Property) -> None:
    """A code without its list could not be checked, labelled or offered as a filter."""
    assert (prop.vocabulary is not None) or prop.kind not in {Kind.CODE, Kind.CODES}


@pytest.mark.parametrize(("layer", "columns"), LAYER_COLUMNS.items())
def test_columns_of_one_layer_are_properties_of_that_layer_only(layer: str, columns: tuple[str, ...]) -> None:
    """The CHECK that keeps other layers' columns empty and the declarations say the same."""
    declared = {prop.name for prop in PROPERTIES if set(prop.layers) & set(INCIDENTS) == {layer}} & set(
        incident.c.keys()
    )
    assert declared == set(columns)


def test_loaded_properties_are_columns_of_the_private_tables() -> None:
    """A template column has somewhere to go."""
    for prop in PROPERTIES:
        if prop.loaded:
            table = incident if set(prop.layers) & set(INCIDENTS) else accountability_case
            assert prop.name in table.c, prop.name


def test_incidents_leave_out_cases() -> None:
    """A strike and the case about it must not count as two incidents."""
    assert COLLECTIONS["incidents"] == INCIDENTS
    assert set(COLLECTIONS["records"]) - set(COLLECTIONS["incidents"]) == {"accountability"}


def test_layers_differ_in_letter_and_shape() -> None:
    """Public ids and marks must tell the layers apart without colour."""
    assert len({layer.letter for layer in LAYERS.values()}) == len(RECORDS)
    assert len({layer.shape for layer in LAYERS.values()}) == len(RECORDS)


def test_properties_of_one_layer_leave_out_the_others() -> None:
    """Deaths belong to accidents."""
    assert "deaths" in {prop.name for prop in properties_of("accidents")}
    assert "deaths" not in {prop.name for prop in properties_of("strikes")}
