"""Lists every file of every shard with the Python standard library, as a stream. BASE ends in a slash."""

import json
import sys
import tarfile
from urllib.request import urlopen

base = sys.argv[1]
manifest = json.load(urlopen(base + "release.json"))
names = []
for shard in manifest["shards"]:
    with tarfile.open(fileobj=urlopen(base + shard["name"]), mode="r|") as tar:
        names += [file.name for file in tar]
print(json.dumps({"files": len(names), "keys": sorted({name.split(".")[0] for name in names})}))
