import { type Request, type Response, Router } from 'express';
import { z } from 'zod';
import { explainAsset } from '../archive/operations/explain-asset.ts';
import { listAssets } from '../archive/operations/list-assets.ts';
import type { Telling } from '../archive/operations/operation.ts';
import type { OperationRunner } from '../archive/operations/operation-runner.ts';
import { showAsset } from '../archive/operations/show-asset.ts';
import { ArchiveError } from '../core/errors.ts';
import { DEFAULT_PURPOSE, DEFAULT_REQUESTER } from '../core/policy/purposes.ts';
import { DEFAULT_POLICY } from '../core/policy/shipped.ts';

const DEFAULT_LIMIT = 100;

const filters = {
  q: z.string().exactOptional(),
  collection: z.string().exactOptional(),
  media: z.string().exactOptional(),
  licence: z.string().exactOptional(),
  maker: z.string().exactOptional(),
  status: z.string().exactOptional(),
};

const asker = {
  policy: z.string().default(DEFAULT_POLICY),
  for: z.string().default(DEFAULT_REQUESTER),
  at: z.string().exactOptional(),
};

const listing = z.strictObject({
  ...filters,
  ...asker,
  /** A purpose; nothing for the default one. */
  eligible: z.string().exactOptional(),
  limit: z.coerce.number().int().min(1).max(1000).default(DEFAULT_LIMIT),
  cursor: z.string().exactOptional(),
});

const explaining = z.strictObject({ ...asker, purpose: z.string().default(DEFAULT_PURPOSE) });

/** Assets as JSON, read-only: `/assets`, `/assets/CID`, `/assets/CID/explain`. */
export function assetsRoutes(runner: Pick<OperationRunner, 'start'>): Router {
  const router = Router();
  router.get('/assets', async (req, res) => {
    const { q, eligible, limit, cursor, policy, for: requester, at, ...rest } = read(listing, req);
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
    send(res, { assets, next: listed.cursor });
  });
  router.get('/assets/:asset', async (req, res) => {
    const { asset } = req.params;
    send(res, await runner.start(showAsset, { asset }, tellingOf(res)).result);
  });
  router.get('/assets/:asset/explain', async (req, res) => {
    const { for: requester, ...question } = read(explaining, req);
    const input = { ...question, requester, asset: req.params.asset };
    const explained = await runner.start(explainAsset, input, tellingOf(res)).result;
    // As above.
    send(res, (explained as { verdict: unknown }).verdict);
  });
  return router;
}

/** @throws {ArchiveError} `input_invalid` naming the parameter. */
function read<T>(schema: z.ZodType<T>, { query }: Request): T {
  const found = schema.safeParse(query);
  if (found.success) return found.data;
  throw new ArchiveError('input_invalid', z.prettifyError(found.error).replaceAll('\n', ' '));
}

function tellingOf(res: Response): Telling {
  const gone = new AbortController();
  res.once('close', () => gone.abort(new ArchiveError('aborted', 'the client went away')));
  return { signal: gone.signal, progress() {}, notice() {}, async item() {} };
}

function send(res: Response, value: unknown): void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  res.set('Cache-Control', 'no-store').type('application/json').send(body);
}
