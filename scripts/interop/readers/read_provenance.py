"""Reads a provenance report with prov, which knows PROV-JSON, and follows an asset to what it was made from and went into."""

import json
import sys

from prov.model import ProvDerivation, ProvDocument, ProvElement, ProvEntity, ProvMembership

document = ProvDocument.deserialize(sys.argv[1], format="json")
asset = document.valid_qualified_name("asset:" + sys.argv[2])
things = list(document.get_records(ProvElement))
elements = {thing.identifier for thing in things}
relations = [one for one in document.get_records() if not one.is_element()]
ends = {end for one in relations for _, end in one.formal_attributes[:2] if end is not None}


def types(element):
    return sorted(str(kind) for kind in element.get_asserted_types())


def is_model(thing):
    """A registration is of the type too, and is an activity."""
    return isinstance(thing, ProvEntity) and types(thing) == ["rf:model"]


def derived(used, made):
    """What was made of an asset, or what an asset was made of."""
    pairs = [[end for _, end in one.formal_attributes[:2]] for one in document.get_records(ProvDerivation)]
    return sorted(str(pair[made]) for pair in pairs if pair[used] == asset)


members = [one.formal_attributes for one in document.get_records(ProvMembership)]
print(
    json.dumps(
        {
            "isSameAgain": ProvDocument.deserialize(
                content=document.serialize(format="json"), format="json"
            )
            == document,
            "unknown": sorted(str(end) for end in ends - elements),
            "types": types(document.get_record(asset)[0]),
            "madeFrom": derived(0, 1),
            "made": derived(1, 0),
            "releases": sorted(str(ends[0][1]) for ends in members if ends[1][1] == asset),
            "models": sorted(str(one.identifier) for one in things if is_model(one)),
        }
    )
)
