"""Validates `croissant.json` with mlcroissant and reads every record by it. FOLDER is an export."""

import json
import sys

import mlcroissant

folder, *configs = sys.argv[1:]
dataset = mlcroissant.Dataset(jsonld=folder + "/croissant.json")
records = {name: list(dataset.records(name)) for name in ["assets", *configs]}
print(
    json.dumps(
        {
            "errors": sorted(dataset.metadata.issues.errors),
            "rows": {name: len(rows) for name, rows in records.items()},
            "types": {
                name: sorted({type(row[f"{name}/content"]).__name__ for row in records[name]})
                for name in configs
            },
        }
    )
)
