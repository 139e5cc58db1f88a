"""Streams a configuration with Hugging Face `datasets`. BASE ends in a slash."""

import json
import sys
from urllib.request import urlopen

from datasets import load_dataset

base, config = sys.argv[1:3]
manifest = json.load(urlopen(base + "release.json"))
shards = [base + shard["name"] for shard in manifest["shards"] if shard["config"] == config]
extension = config.split("-", 1)[1]
dataset = load_dataset("webdataset", data_files={"train": shards}, split="train", streaming=True)
rows = list(dataset)
print(
    json.dumps(
        {
            "rows": len(rows),
            "keys": sorted(row["__key__"] for row in rows),
            "columns": {name: type(feature).__name__ for name, feature in dataset.features.items()},
            "fields": {name: str(feature.dtype) for name, feature in dataset.features["json"].items()},
            "empty": sum(row[extension] is None or row["json"] is None for row in rows),
            "sizes": sorted({getattr(row[extension], "size", ()) for row in rows}),
        }
    )
)
