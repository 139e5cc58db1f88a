"""Loads shards as training does: PyTorch's DataLoader over webdataset, two workers each, pictures decoded.

load.py ROUNDS NAME=URL,URL,… NAME=…: an epoch from one server after another, round after round, so that all meet
the same machine. Prints the samples a second of each; the first round, which starts the workers, is not counted.
"""

import json
import sys
import time

import torch
import webdataset


def loader_of(urls):
    dataset = webdataset.WebDataset(urls, shardshuffle=False, nodesplitter=webdataset.split_by_node)
    return torch.utils.data.DataLoader(
        dataset.decode("torchrgb").to_tuple("jpg", "json"),
        batch_size=32,
        num_workers=2,
        persistent_workers=True,
        collate_fn=list,
    )


def rate_of(loader):
    started = time.perf_counter()
    samples = sum(len(batch) for batch in loader)
    assert samples > 0
    return samples / (time.perf_counter() - started)


rounds = int(sys.argv[1])
named = [argument.split("=", 1) for argument in sys.argv[2:]]
loaders = {name: loader_of(urls.split(",")) for name, urls in named}
rates = {name: [] for name in loaders}
for number in range(rounds + 1):
    for name, loader in loaders.items():
        rate = rate_of(loader)
        if number > 0:
            rates[name].append(rate)
print(json.dumps(rates))
