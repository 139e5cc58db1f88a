import { type NextFunction, type Request, type Response, Router } from 'express';
import type { CID } from 'multiformats/cid';
import type { Archive } from '../../archive/archive.ts';
import { openDag } from '../../archive/open-dag.ts';
import type { Readability } from '../../archive/readability.ts';
import type { Cid } from '../../core/cid.ts';
import { resolvePath } from '../../core/dag/resolve-path.ts';
import { ArchiveError } from '../../core/errors.ts';
import { keepFromPages } from '../callers/pages-of-others.ts';
import { sendProblem } from '../send-problem.ts';
import { setFormatHeaders, setPathHeaders, setRootsHeader } from './answer-headers.ts';
import { parseContentPath, urlOf } from './content-path.ts';
import type { Found } from './found.ts';
import { setReservationHeaders } from './reservation-headers.ts';
import { type Format, wantedFormat } from './response-format.ts';
import { sendBlock } from './send-block.ts';
import { sendCar } from './send-car.ts';
import { sendData } from './send-data.ts';
import { sendWeb } from './send-web.ts';

/** Returns what says whether whoever sent a request for a CID may read an asset or a release. */
export type ReadabilityOf = (req: Request, asked: CID) => Promise<(root: Cid) => Readability>;

type Parts = Pick<Archive, 'content' | 'served' | 'ledger' | 'catalog' | 'clock' | 'sha256'>;

/**
 * Bytes by CID, as a trustless gateway (blocks and CARs, which can be hashed) and a path gateway (files
 * and folders) give them: https://specs.ipfs.tech/http-gateways/. Reads what is here and may be read,
 * and asks nobody else for anything.
 */
export function gatewayRoutes(parts: Parts, readabilityOf: ReadabilityOf): Router {
  const router = Router();
  const { content } = parts;
  router.get('/ipfs/*path', answer);
  router.options('/ipfs/*path', (_req, res) => {
    res.status(204).end();
  });
  return router;

  async function answer(req: Request, res: Response, next: NextFunction): Promise<void> {
    refuseAsCode(req);
    const path = parseContentPath(req.originalUrl);
    setPathHeaders(res, path);
    const wanted = wantedFormat(req);
    const { format, parameters } = wanted;
    setFormatHeaders(req, res, path, wanted);
    try {
      const found = await find(path, format, await readabilityOf(req, path.root));
      if (!found.dag.isPublic) keepFromPages(res);
      setRootsHeader(res, found.resolved.roots);
      setReservationHeaders(res, found, parts);
      const { isStored, root } = found.dag;
      // Whoever has the block of a root asks for its parts next.
      if (format === 'raw' && isStored && root !== undefined) await content.recordPartsOf(root);
      if (format === 'raw') await sendBlock(req, res, found);
      else if (format === 'car') await sendCar(req, res, found, parameters);
      else if (format === 'web' || isPlainOfFile(format, found)) {
        await sendWeb(req, res, found, parts);
      } else await sendData(req, res, found, format);
    } catch (error) {
      const isAbsent = error instanceof ArchiveError && ABSENT.has(error.code);
      const isLocal = /(?:^|,)\s*only-if-cached\s*(?:,|$)/.test(req.get('cache-control') ?? '');
      if (isAbsent && isLocal && !res.headersSent) sendProblem(res, error, 412);
      else next(error);
    }
  }

  async function find(
    path: Found['path'],
    format: Format,
    readability: (root: Cid) => Readability,
  ): Promise<Found> {
    const dag = openDag(path.root, readability, parts);
    if (dag.isStored && dag.root !== undefined && path.names.length === 0 && format === 'web') {
      const file = await fileOf(path.root, dag.root);
      if (file !== undefined) return { path, dag, resolved: file };
    }
    const resolved = await resolvePath(dag.blocks, path.root, path.names);
    if (resolved !== undefined) return { path, dag, resolved };
    const text = `there is nothing at ${urlOf(path.root, path.names, path.isOfDirectory)}`;
    throw new ArchiveError('not_found', text);
  }

  /** Returns a stored file, which the store can stream; undefined for a folder. */
  async function fileOf(cid: CID, stored: Cid): Promise<Found['resolved'] | undefined> {
    try {
      const stat = await parts.content.stat(stored, { isHashed: false });
      if (stat === undefined) return undefined;
      const node = { kind: 'file', size: stat.size, parts: [], inline: NONE } as const;
      return { cid, node, roots: [cid], way: [cid], within: [] };
    } catch (error) {
      if (error instanceof ArchiveError && error.code === 'input_invalid') return undefined;
      throw error;
    }
  }
}

const NONE = new Uint8Array(0);

/**
 * Says whether plain JSON or CBOR is asked for of a file or folder, which then comes as it is, as other
 * gateways have it: programs that take anything name JSON first in `Accept`.
 */
function isPlainOfFile(format: Format, { resolved }: Found): boolean {
  return (format === 'json' || format === 'cbor') && resolved.node.kind !== 'data';
}

/** What others have made is nothing that this node's own pages run or are styled by. */
function refuseAsCode({ headers }: Request): void {
  const isOwnPages = headers['sec-fetch-site'] === 'same-origin';
  const isCode = isOwnPages && CODE.has(String(headers['sec-fetch-dest']));
  if (!isCode && headers['service-worker'] === undefined) return;
  throw new ArchiveError('input_invalid', 'nothing under /ipfs/ may be a script, style or worker');
}

/** Destinations of Fetch Metadata (W3C) by which a page loads what then acts for it. */
const CODE: ReadonlySet<string> = new Set([
  ...['script', 'style', 'worker', 'sharedworker', 'serviceworker', 'xslt', 'manifest'],
  ...['audioworklet', 'paintworklet', 'json'],
]);

const ABSENT: ReadonlySet<string> = new Set(['not_found', 'block_missing']);
