import { SiteSignals } from '../../core/reservations/site-signals.ts';
import { broken } from './broken.ts';
import { type CrawledResponse, crawledResponses, of, requireWhole } from './crawled-responses.ts';
import { Revisits } from './revisits.ts';

const TEXT_BYTES = 4 * 1024 * 1024;
const XML = /^(?:application|text)\/(?:[\w.-]+\+)?xml$/;

/**
 * Reads a crawl once for what its sites and pages reserve, and what later visits say of what had not changed; checks
 * every record of it on the way.
 *
 * @throws {ArchiveError} `input_invalid` for a WARC that is broken, and for anything in it that could reserve
 * something and cannot be read; `file_unreadable`.
 */
export async function sitesOf(
  path: Uint8Array,
  signal: AbortSignal | undefined,
): Promise<{ readonly sites: SiteSignals; readonly revisits: Revisits }> {
  const sites = new SiteSignals();
  const revisits = new Revisits();
  for await (const crawled of crawledResponses(path, signal)) {
    const couldReserve = isSiteWide(crawled) || isPage(crawled) || XML.test(crawled.mediaType);
    if (crawled.isRevisit) revisits.add(crawled, couldReserve);
    else await of(crawled.address, () => read(crawled, sites));
  }
  if (revisits.isWaiting) {
    for await (const { address, isRevisit } of crawledResponses(path, signal)) {
      if (!isRevisit) revisits.addRead(address);
    }
    revisits.requireAllRead();
  }
  return { sites, revisits };
}

/** Says whether it is one of the documents that speak for all of their site. */
function isSiteWide({ address: { pathname } }: CrawledResponse): boolean {
  return pathname === '/robots.txt' || pathname === '/.well-known/tdmrep.json';
}

export function isPage({ mediaType }: CrawledResponse): boolean {
  return ['text/html', 'application/xhtml+xml', ''].includes(mediaType);
}

async function read(crawled: CrawledResponse, sites: SiteSignals): Promise<void> {
  const { address, at, mediaType } = crawled;
  if (address.pathname === '/robots.txt') {
    sites.addRobots({ address, at, text: await wholeText(crawled) });
  } else if (address.pathname === '/.well-known/tdmrep.json') {
    sites.addTdmrep({ address, at, text: await wholeText(crawled) });
  } else if (isPage(crawled)) {
    sites.addPage({ address, at, text: (await textOf(crawled)).text });
  } else if (XML.test(mediaType)) {
    const { text } = await textOf(crawled);
    if (!/<(?:\w{1,16}:)?rsl[\s>]/.test(text)) return;
    if (text.length >= TEXT_BYTES) throw broken('its terms have more than 4 MiB');
    sites.addRsl({ address, at, text });
  }
}

async function wholeText(crawled: CrawledResponse): Promise<string> {
  requireWhole(crawled);
  const { text, isWhole } = await textOf(crawled);
  if (!isWhole) throw broken('it has more than 4 MiB');
  return text;
}

/** Returns the first 4 MiB: what is in the head of a page counts, and what it shows after it. */
async function textOf({ response }: CrawledResponse) {
  const chunks: Uint8Array[] = [];
  let left = TEXT_BYTES;
  for await (const chunk of response.payload) {
    chunks.push(chunk.subarray(0, left));
    left -= chunk.length;
    if (left <= 0) break;
  }
  const bytes = Buffer.concat(chunks);
  const isUtf16 = bytes[0] === 0xff && bytes[1] === 0xfe;
  const text = new TextDecoder(isUtf16 ? 'utf-16le' : 'utf-8').decode(bytes);
  return { text, isWhole: left > 0 };
}
