import { createWriteStream } from 'node:fs';
import { mkdir, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { onFile } from '../../core/file-fault.ts';
import type { CrawlOptions, FileOffer, OfferProblem, WalkItem } from '../../core/ports/intake.ts';
import { walkFiles } from '../files/walk-files.ts';
import { quote } from '../quote.ts';
import { broken } from './broken.ts';
import {
  type CrawledResponse,
  crawledResponses,
  isBroken,
  requireWhole,
} from './crawled-responses.ts';
import { signalsInHead } from './head-signals.ts';
import { isPage, sitesOf } from './sites-of.ts';

const MOST_BYTES = 2 * 1024 * 1024 * 1024;
/** Of the scratch folder; what an ended run has left in it is removed when a walk begins. */
const FOLDER = 'crawled';

/**
 * Yields what was fetched in the crawls (WARC files) under the PATHs, each response as a file of its own
 * with what its source reserves (see the port).
 *
 * A crawl is read twice: first whole, for what its sites reserve, then for the files. What is
 * wrong with the WARC itself, or with anything in it that could reserve, keeps all of it out.
 */
export async function* walkCrawls(
  paths: readonly string[],
  options: CrawlOptions,
): AsyncGenerator<WalkItem, void, undefined> {
  const folder = join(options.scratch, FOLDER);
  await rm(folder, { recursive: true, force: true });
  let crawls = 0;
  for await (const item of walkFiles(paths, options)) {
    crawls += 1;
    if (item.kind === 'file') yield* filesIn(item, join(folder, `${crawls}`), options.signal);
    else yield item;
  }
}

/** Removes what a walk has unpacked for these offers. */
export async function discardCrawled(offers: readonly FileOffer[]): Promise<void> {
  const unpacked = offers.filter(({ fetched }) => fetched?.address != null);
  await Promise.all(unpacked.map(({ path }) => rm(Buffer.from(path), { force: true })));
}

async function* filesIn(
  crawl: FileOffer,
  prefix: string,
  signal: AbortSignal | undefined,
): AsyncGenerator<WalkItem> {
  try {
    const { sites, revisits } = await sitesOf(crawl.path, signal);
    let count = 0;
    for await (const crawled of crawledResponses(crawl.path, signal)) {
      if (crawled.isRevisit || sites.isAbout(crawled.address)) continue;
      count += 1;
      yield await fileOf(crawled, { sites, revisits }, `${prefix}-${count}`);
    }
  } catch (error) {
    if (!isBroken(error)) throw error;
    const text = `nothing was taken from ${quote(crawl.relative)}: ${error.message}; fetch it again, or repair it`;
    yield problem(crawl.relative, text);
  }
}

async function fileOf(
  crawled: CrawledResponse,
  { sites, revisits }: Awaited<ReturnType<typeof sitesOf>>,
  path: string,
): Promise<FileOffer | OfferProblem> {
  const { address, at, response } = crawled;
  const relative = address.href;
  try {
    requireWhole(crawled);
    await onFile(path, async () => {
      await mkdir(dirname(path), { recursive: true });
      await pipeline(bounded(response.payload), createWriteStream(path));
    });
  } catch (error) {
    await rm(path, { force: true });
    if (!isBroken(error)) throw error;
    return problem(relative, `${quote(relative)} is not taken: ${error.message}; fetch it again`);
  }
  const { size, mtimeMs } = await stat(path);
  const said = { where: relative, at };
  const signals = [
    ...signalsInHead(response, said, (document) => sites.isAbout(document, address)),
    ...revisits.of(address),
    ...sites.of(address, isPage(crawled)),
  ];
  return {
    kind: 'file',
    path: Buffer.from(path),
    name: address.pathname.split('/').at(-1) || address.hostname,
    relative,
    size,
    modifiedMs: mtimeMs,
    fetched: { address: relative, signals },
  };
}

async function* bounded(payload: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  let bytes = 0;
  for await (const chunk of payload) {
    bytes += chunk.length;
    if (bytes > MOST_BYTES) throw broken('it has more than 2 GiB');
    yield chunk;
  }
}

function problem(relative: string, text: string): OfferProblem {
  return { kind: 'problem', code: 'input_invalid', relative, text };
}
