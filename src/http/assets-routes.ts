import { type Request, type Response, Router } from 'express';
import type { Archive } from '../archive/archive.ts';
import { explainAsset } from '../archive/operations/explain-asset.ts';
import { listAssets } from '../archive/operations/list-assets.ts';
import type { Telling } from '../archive/operations/operation.ts';
import type { OperationRunner } from '../archive/operations/operation-runner.ts';
import { showAsset } from '../archive/operations/show-asset.ts';
import { type ShownAsset, shownAsset } from '../archive/shown-asset.ts';
import { parseCid } from '../core/cid.ts';
import { ArchiveError } from '../core/errors.ts';
import { DEFAULT_PURPOSE } from '../core/policy/purposes.ts';
import type { AssetSummary } from '../core/ports/asset-lists.ts';
import { type Caller, mayRead } from '../core/sharing/caller.ts';
import { rightsOf } from './callers/roles.ts';
import { callerOf } from './callers/sign-in.ts';
import { explainEndpoint, listEndpoint, showEndpoint } from './contract/assets-endpoints.ts';
import { read, routeOf } from './contract/endpoint.ts';
import { signalOf } from './gone-signal.ts';
import { listReadable } from './list-readable.ts';
import { sendJson } from './send-json.ts';

/** Assets as JSON: all of them for whoever may see everything, else what the caller may read. */
export function assetsRoutes(
  archive: Pick<Archive, 'ledger' | 'catalog'>,
  runner: Pick<OperationRunner, 'start'>,
): Router {
  const router = Router();
  router.get(routeOf(listEndpoint), async (req, res) => {
    const asked = read(listEndpoint.query, req.query);
    const { q, eligible, level, gate, limit, skip, cursor, by, total, ...asking } = asked;
    const { policy, for: requester, at, ...rest } = asking;
    const standing = {
      ...{ purpose: eligible || DEFAULT_PURPOSE, policy, requester },
      ...(at === undefined ? {} : { at }),
      ...(eligible === undefined ? {} : { is: 'eligible' }),
      ...(level === undefined ? {} : { level }),
      ...(gate === undefined ? {} : { gate }),
    };
    const isDecided = [eligible, level, gate].some((each) => each !== undefined);
    const caller = callerOf(req);
    const filter = {
      ...rest,
      ...(q === undefined ? {} : { text: q }),
      ...(caller.kind === 'maker' ? { signer: caller.key } : {}),
    };
    const input = {
      filter,
      ...(isDecided ? { standing } : {}),
      ...(by === undefined ? {} : { by }),
    };
    const list = async (part: Part) => {
      const found: AssetSummary[] = [];
      const telling = tellingOf(res, (asset: AssetSummary) => found.push(asset));
      return { found, ...(await runner.start(listAssets, { ...input, ...part }, telling).result) };
    };
    if (seesAll(req)) {
      const { found, ...listed } = await list({
        limit,
        ...(skip === undefined ? {} : { skip }),
        ...(cursor === undefined ? {} : { cursor }),
        ...(total === undefined ? {} : { isCounted: true }),
      });
      sendJson(req, res, { assets: found, next: listed.cursor, total: listed.total });
      return;
    }
    if (caller.kind === 'anonymous' && !archive.ledger.charter.publicAllowed) {
      sendJson(req, res, { assets: [], next: null, total: null });
      return;
    }
    const isAboutWords = Object.keys(filter).some((name) => WORDS.has(name));
    const show = (one: AssetSummary) => listedFor(caller, one, isAboutWords);
    const listed = await listReadable(
      { limit, skip: cursor === undefined ? (skip ?? 0) : 0, cursor },
      list,
      // All that stands of a work is looked at where it must be.
      { show, mayRead: (one) => isSeen(caller, one) && !(isAboutWords && show(one) === undefined) },
    );
    sendJson(req, res, { ...listed, total: null });
  });
  router.get(routeOf(showEndpoint), async (req, res) => {
    const input = assetIn(req);
    if (!seesAll(req)) sendJson(req, res, shownTo(req, input.asset).view);
    else sendJson(req, res, await runner.start(showAsset, input, tellingOf(res)).result);
  });
  router.get(routeOf(explainEndpoint), async (req, res) => {
    const { for: requester, ...question } = read(explainEndpoint.query, req.query);
    const { asset } = assetIn(req);
    if (!seesAll(req)) shownTo(req, asset);
    const input = { ...question, requester, asset };
    const explained = await runner.start(explainAsset, input, tellingOf(res)).result;
    sendJson(req, res, explained.verdict);
  });
  return router;

  function seesAll(req: Request): boolean {
    return rightsOf(callerOf(req), archive.ledger.self.organisation).has('see');
  }

  /** What is not to be read is told as what is not there. */
  function shownTo(req: Request, asset: string): ShownAsset {
    const view = archive.catalog.asset(parseCid(asset));
    const shown = view && shownAsset(callerOf(req), view, archive);
    if (shown !== undefined) return shown;
    throw new ArchiveError('not_found', `${asset} is not in this archive, or not for you to read`);
  }

  function isSeen(caller: Caller, { cid }: AssetSummary): boolean {
    if (caller.kind === 'maker') return archive.catalog.hasSigned(caller.key, cid);
    return mayRead(caller, cid, archive);
  }

  /** Words that were found may be those that are left out. */
  function listedFor(
    caller: Caller,
    { cid }: AssetSummary,
    isAboutWords: boolean,
  ): AssetSummary | undefined {
    const known = archive.catalog.asset(cid);
    const shown = known && shownAsset(caller, known, archive);
    if (shown === undefined || (shown.isPartial && isAboutWords)) return undefined;
    const { size, mediaType, title, creators, licence, status, work } = shown.view;
    return { cid, size, mediaType, title, creators, licence, status, work };
  }
}

/** Which of what matches is listed. */
interface Part {
  readonly limit: number;
  readonly skip?: number;
  readonly cursor?: string;
  readonly isCounted?: boolean;
}

/** Filters that look at what was said in deposits. */
const WORDS: ReadonlySet<string> = new Set([
  ...['text', 'collection', 'licence', 'maker', 'work', 'year'],
]);

function assetIn({ params }: Request) {
  return read(showEndpoint.parameters, params);
}

function tellingOf<Item>(res: Response, onItem: (item: Item) => void = () => {}): Telling<Item> {
  return {
    signal: signalOf(res),
    progress() {},
    notice() {},
    item: async (item) => onItem(item),
  };
}
