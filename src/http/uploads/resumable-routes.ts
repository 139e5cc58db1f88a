import { type Request as HttpRequest, type Response as HttpResponse, Router } from 'express';
import type { Archive } from '../../archive/archive.ts';
import type { OperationRunner } from '../../archive/operations/operation-runner.ts';
import { parseCid } from '../../core/cid.ts';
import { ArchiveError, type ErrorCode } from '../../core/errors.ts';
import { refuseWithout } from '../callers/roles.ts';
import { callerNow, callerOf } from '../callers/sign-in.ts';
import { demandProgress, endProgress } from '../connections/body-deadlines.ts';
import { sendJson } from '../send-json.ts';
import { sendProblem } from '../send-problem.ts';
import { incomingBytes } from './incoming-bytes.ts';
import type { PartsFolder } from './parts-folder.ts';
import { checkSaid } from './take-file.ts';
import { takeTogetherRoute } from './take-together-route.ts';
import { TakingWhole } from './taking-whole.ts';
import { createTusServer, isOwn, type TusServer } from './tus-server.ts';
import type { UploadRoom } from './upload-room.ts';

const PATH = '/api/v1/uploads';

/** What the library refuses, by its status. */
const CODE_OF_STATUS: ReadonlyMap<number, ErrorCode> = new Map([
  [404, 'not_found'],
  [410, 'not_found'],
  [413, 'too_large'],
  [501, 'format_unavailable'],
]);

/**
 * Uploads that can go on after an interruption, by the tus protocol. What has come whole is taken in, and the
 * answer is the asset; a `GET` of the upload gives it again until it expires.
 */
export function resumableRoutes(
  archive: Pick<Archive, 'ledger' | 'catalog' | 'intake'>,
  runner: Pick<OperationRunner, 'start'>,
  room: UploadRoom,
  parts: PartsFolder,
): Router {
  const { organisation } = archive.ledger.self;
  const whole = new TakingWhole(parts, runner, archive.catalog);
  const tus = createTusServer({
    path: PATH,
    parts,
    mostBytes: (caller) => room.mostBytes(caller),
    check: (said) => checkSaid(said, archive),
    async take(upload, req) {
      // It may have taken hours to come.
      refuseWithout('record', callerNow(req), organisation);
      return whole.take(upload);
    },
    taken: (id) => whole.taken(id),
  });
  const router = Router();
  router.use(takeTogetherRoute(archive, { room, whole, tus }));
  router.all([PATH, `${PATH}/:id`], async (req, res) => {
    const caller = callerOf(req);
    if (req.method !== 'OPTIONS') refuseWithout('record', caller, organisation);
    const id = String(req.params['id'] ?? '');
    const outcome = isOwn(id, caller) ? await parts.outcomeOf(id) : undefined;
    if (req.method === 'GET') {
      const view = outcome && archive.catalog.asset(parseCid(outcome.cid));
      if (view !== undefined) return sendJson(req, res, view);
      throw new ArchiveError('not_found', 'no upload of yours has been taken in under this name');
    }
    if (outcome === undefined) return passOn(req, res, tus, room);
    if (req.method === 'DELETE') {
      await parts.remove(id);
      res.status(204);
    } else {
      const size = String(outcome.size);
      res.status(req.method === 'HEAD' ? 200 : 410);
      res.set({ 'Upload-Offset': size, 'Upload-Length': size });
    }
    res.set({ 'Tus-Resumable': '1.0.0', 'Cache-Control': 'no-store' }).end();
  });
  return router;
}

/** Has the library answer. */
async function passOn(
  req: HttpRequest,
  res: HttpResponse,
  tus: TusServer,
  room: UploadRoom,
): Promise<void> {
  const hasBody = req.method === 'PATCH' || req.method === 'POST';
  const size = hasBody ? comingSize(req) : 0;
  using place = hasBody ? room.enter({ caller: callerOf(req), size }) : undefined;
  let refusal: unknown;
  const bytes = incomingBytes(req, (chunk) => {
    try {
      place?.take(chunk.length);
    } catch (error) {
      refusal = error;
      throw error;
    }
  });
  if (hasBody) demandProgress(req);
  try {
    const { response, failure } = await tus.answer(req, hasBody ? bytes : undefined);
    const cause = refusal ?? failure;
    if (cause !== undefined) throw cause;
    if (response.status >= 400) return refuse(req, res, response);
    res.status(response.status).set('Cache-Control', 'no-store');
    for (const [name, value] of response.headers) {
      // Pages of others send nothing here.
      if (!name.startsWith('access-control-')) res.set(name, value);
    }
    res.end(await response.text());
  } finally {
    endProgress(req);
  }
}

/** Bytes for which there must be room: all of an upload when it begins. */
function comingSize(req: HttpRequest): number {
  const said = req.method === 'POST' ? req.get('upload-length') : req.get('content-length');
  return /^\d{1,15}$/.test(said ?? '') ? Number(said) : 0;
}

async function refuse(req: HttpRequest, res: HttpResponse, response: Response): Promise<void> {
  const text = (await response.text()).trim();
  if (req.destroyed && !req.complete)
    throw new ArchiveError('aborted', 'the upload broke off; it can go on');
  if (response.status === 500) throw new Error(`an upload could not be kept: ${text}`);
  const code = CODE_OF_STATUS.get(response.status) ?? 'input_invalid';
  res.set('Tus-Resumable', '1.0.0');
  sendProblem(res, new ArchiveError(code, text), response.status);
}
