"""Reads a configuration through a torch DataLoader of two workers. BASE ends in a slash."""

import json
import sys
from urllib.request import urlopen

import webdataset
from torch.utils.data import DataLoader

base, config = sys.argv[1:3]
manifest = json.load(urlopen(base + "release.json"))
shards = [base + shard["name"] for shard in manifest["shards"] if shard["config"] == config]
extension = config.split("-", 1)[1]
dataset = webdataset.WebDataset(
    shards, shardshuffle=100, nodesplitter=webdataset.split_by_node, empty_check=False
)
decoded = dataset.shuffle(100).decode("torchrgb").to_tuple("__key__", extension)
loader = DataLoader(decoded, batch_size=None, num_workers=2)
samples = [(key, list(picture.shape)) for key, picture in loader]
print(json.dumps({"rows": len(samples), "keys": sorted(key for key, _ in samples)}))
