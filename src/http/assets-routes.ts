import { type Request, type Response, Router } from 'express';
import { explainAsset } from '../archive/operations/explain-asset.ts';
import { listAssets } from '../archive/operations/list-assets.ts';
import type { Telling } from '../archive/operations/operation.ts';
import type { OperationRunner } from '../archive/operations/operation-runner.ts';
import { showAsset } from '../archive/operations/show-asset.ts';
import { ArchiveError } from '../core/errors.ts';
import { DEFAULT_PURPOSE } from '../core/policy/purposes.ts';
import { explainEndpoint, listEndpoint, showEndpoint } from './contract/assets-endpoints.ts';
import { read, routeOf } from './contract/endpoint.ts';
import { sendJson } from './send-json.ts';

/** Assets as JSON. */
export function assetsRoutes(runner: Pick<OperationRunner, 'start'>): Router {
  const router = Router();
  router.get(routeOf(listEndpoint), async (req, res) => {
    const asked = read(listEndpoint.query, req.query);
    const { q, eligible, limit, cursor, policy, for: requester, at, ...rest } = asked;
    const purpose = eligible === '' ? DEFAULT_PURPOSE : eligible;
    const question = { purpose, policy, requester, ...(at === undefined ? {} : { at }) };
    const input = {
      filter: { ...rest, ...(q === undefined ? {} : { text: q }) },
      ...(eligible === undefined ? {} : { eligible: question }),
      limit,
      ...(cursor === undefined ? {} : { cursor }),
    };
    const assets: unknown[] = [];
    const telling = { ...tellingOf(res), item: async (asset: unknown) => void assets.push(asset) };
    // The table of operations knows inputs only; this is what the listing gives.
    const listed = (await runner.start(listAssets, input, telling).result) as { cursor: string };
    sendJson(req, res, { assets, next: listed.cursor });
  });
  router.get(routeOf(showEndpoint), async (req, res) => {
    sendJson(req, res, await runner.start(showAsset, assetIn(req), tellingOf(res)).result);
  });
  router.get(routeOf(explainEndpoint), async (req, res) => {
    const { for: requester, ...question } = read(explainEndpoint.query, req.query);
    const input = { ...question, requester, ...assetIn(req) };
    const explained = await runner.start(explainAsset, input, tellingOf(res)).result;
    // As above.
    sendJson(req, res, (explained as { verdict: unknown }).verdict);
  });
  return router;
}

function assetIn({ params }: Request): { readonly asset: string } {
  return read(showEndpoint.parameters, params);
}

function tellingOf(res: Response): Telling {
  const gone = new AbortController();
  res.once('close', () => gone.abort(new ArchiveError('aborted', 'the client went away')));
  return { signal: gone.signal, progress() {}, notice() {}, async item() {} };
}
