"""Loads shards as training does: PyTorch's DataLoader over webdataset, two workers, pictures decoded.

load.py EPOCHS URL...: prints the samples, and the seconds from the first batch to the last. The first epoch
is not counted: it starts the workers.
"""

import json
import sys
import time

import torch
import webdataset

epochs, urls = int(sys.argv[1]), sys.argv[2:]
dataset = (
    webdataset.WebDataset(urls, shardshuffle=False, nodesplitter=webdataset.split_by_node)
    .decode("torchrgb")
    .to_tuple("jpg", "json")
)
loader = torch.utils.data.DataLoader(
    dataset, batch_size=32, num_workers=2, persistent_workers=True, collate_fn=list
)
samples = sum(len(batch) for batch in loader)
started = time.perf_counter()
loaded = sum(len(batch) for _ in range(epochs) for batch in loader)
seconds = time.perf_counter() - started
assert loaded == epochs * samples > 0
print(json.dumps({"samples": loaded, "seconds": seconds}))
