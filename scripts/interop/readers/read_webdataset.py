"""Reads a configuration with `webdataset`, decoding pictures by Pillow. BASE ends in a slash."""

import json
import sys
from urllib.request import urlopen

import webdataset

base, config = sys.argv[1:3]
manifest = json.load(urlopen(base + "release.json"))
shards = [base + shard["name"] for shard in manifest["shards"] if shard["config"] == config]
extension = config.split("-", 1)[1]
decoder = ["pil"] if config.startswith("images-") else []
dataset = webdataset.WebDataset(shards, shardshuffle=False, nodesplitter=webdataset.split_by_node)
samples = list(dataset.decode(*decoder).to_tuple("__key__", extension, "json"))
print(
    json.dumps(
        {
            "rows": len(samples),
            "keys": sorted(key for key, _, _ in samples),
            "types": sorted({type(asset).__name__ for _, asset, _ in samples}),
            "fields": sorted({field for _, _, about in samples for field in about}),
            "licences": sorted({about["license"] for _, _, about in samples}),
        }
    )
)
