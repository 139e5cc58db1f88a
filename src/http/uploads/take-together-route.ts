import { Router } from 'express';
import type { Archive } from '../../archive/archive.ts';
import { ArchiveError } from '../../core/errors.ts';
import { refuseWithout } from '../callers/roles.ts';
import { callerOf } from '../callers/sign-in.ts';
import { read, routeOf } from '../contract/endpoint.ts';
import { takeUploadsEndpoint } from '../contract/upload-endpoints.ts';
import { jsonBody } from '../json-body.ts';
import { sendJson } from '../send-json.ts';
import type { Outcome, TakingWhole, WholeUpload } from './taking-whole.ts';
import { isOwn, type TusServer } from './tus-server.ts';
import type { UploadRoom } from './upload-room.ts';

/** 256 names of uploads take less. */
const MOST_BYTES = 32_768;

interface Uploads {
  readonly room: Pick<UploadRoom, 'demand'>;
  readonly whole: Pick<TakingWhole, 'before' | 'takeTogether'>;
  readonly tus: Pick<TusServer, 'whole'>;
}

/**
 * Takes in uploads that have come whole, together. What was taken in before is told again, so whoever has lost
 * the answer asks once more.
 */
export function takeTogetherRoute(
  archive: Pick<Archive, 'ledger'>,
  { room, whole, tus }: Uploads,
): Router {
  const { organisation } = archive.ledger.self;
  const router = Router();
  router.post(routeOf(takeUploadsEndpoint), jsonBody(MOST_BYTES), async (req, res) => {
    const caller = callerOf(req);
    refuseWithout('record', caller, organisation);
    const { uploads } = read(takeUploadsEndpoint.body.schema, req.body);
    const known = new Map<string, Outcome>();
    const found: WholeUpload[] = [];
    for (const id of new Set(uploads)) {
      const upload = isOwn(id, caller)
        ? ((await whole.before(id)) ?? (await tus.whole(id)))
        : undefined;
      if (upload === undefined) known.set(id, { error: absent() });
      else if ('said' in upload) found.push(upload);
      else known.set(id, upload);
    }
    // Their bytes are written a second time.
    room.demand(found.reduce((sum, { size }) => sum + size, 0));
    const taken = await whole.takeTogether(found);
    for (const [place, { id }] of found.entries()) {
      const outcome = taken[place];
      if (outcome !== undefined) known.set(id, outcome);
    }
    sendJson(req, res, {
      outcomes: uploads.map((upload) => ({ upload, ...told(known.get(upload)) })),
      events: [
        ...new Set([...known.values()].flatMap((one) => ('error' in one ? [] : one.runEvents))),
      ],
    });
  });
  return router;
}

function absent(): ArchiveError {
  const text =
    'no upload of yours is here whole under this name; send what is missing, or all of it';
  return new ArchiveError('not_found', text);
}

function told(outcome: Outcome | undefined) {
  if (outcome === undefined) throw new Error('an upload of which nothing became');
  if (!('error' in outcome)) return { asset: outcome.asset };
  const { error } = outcome;
  // A defect of the program is logged as one; what was taken in is told when it is asked for again.
  if (!(error instanceof ArchiveError)) throw error;
  return { refusal: { code: error.code, text: error.message, retryable: error.retryable } };
}
