import type { ReleaseManifest } from '../../core/dataset/manifest.ts';
import { RELEASE_FILES } from '../../core/dataset/release-files.ts';
import { configsOf } from './configs.ts';

/** Python that loads a release, to be run as it stands. */
export interface Snippet {
  readonly title: string;
  readonly code: string;
}

type Told = Pick<ReleaseManifest, 'shards' | 'url'>;

/**
 * Returns the programs of a card, for the configuration with the most samples. They read from where the
 * release is served or, where that is not known, from the folder that they are run in.
 */
export function snippets({ shards, url }: Told): readonly Snippet[] {
  const [config] = configsOf(shards);
  if (config === undefined) return [];
  const { extension } = config;
  const train = config.shards.filter(({ split }) => split === 'train');
  const shown = train.length > 0 ? train : config.shards;
  const prefix = `${url}${config.name}-${shown[0]?.split}-`;
  const isImage = config.name.startsWith('images-');
  const decode = isImage ? '.decode("pil")' : '.decode()';
  const pillow = isImage ? ' pillow' : '';
  const tar = url === '' ? `open("${prefix}000000.tar", "rb")` : `urlopen("${prefix}000000.tar")`;
  return [
    {
      title:
        'WebDataset, shuffled; `wds.WebLoader(dataset, batch_size=None, num_workers=2)` hands it to PyTorch',
      code: `import webdataset as wds  # pip install webdataset${pillow}

shards = "${prefix}{000000..${number(shown.length - 1)}}.tar"
dataset = wds.WebDataset(shards, shardshuffle=100, nodesplitter=wds.split_by_node).shuffle(1000)
for asset, about in dataset${decode}.to_tuple("${extension}", "json"):
    print(about["license"], about["maker"], type(asset))
    break`,
    },
    {
      title: 'Hugging Face `datasets`, streamed',
      code: `from datasets import load_dataset  # pip install datasets${pillow}

shards = [f"${prefix}{i:06d}.tar" for i in range(${shown.length})]
dataset = load_dataset("webdataset", data_files={"train": shards}, split="train", streaming=True)
for sample in dataset:
    print(sample["__key__"], sample["json"]["license"])
    break`,
    },
    {
      title: 'Rows and words of every asset',
      code: `import pandas  # pip install pandas pyarrow

rows = pandas.read_parquet("${url}${RELEASE_FILES.metadata}")
words = pandas.read_json("${url}${RELEASE_FILES.descriptions}", lines=True, dtype=str)
print(rows.merge(words, on="key")[["title", "creator", "license"]])`,
    },
    {
      title: 'Python alone',
      code: `import tarfile
from urllib.request import urlopen

with tarfile.open(fileobj=${tar}, mode="r|") as shard:
    for file in shard:
        print(file.name, file.size)
        break`,
    },
  ];
}

function number(shard: number): string {
  return String(shard).padStart(6, '0');
}
