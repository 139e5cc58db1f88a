import { createHash } from 'node:crypto';
import { type Request, Router } from 'express';
import type { Archive } from '../../archive/archive.ts';
import type { OperationRunner } from '../../archive/operations/operation-runner.ts';
import { ArchiveError } from '../../core/errors.ts';
import type { PassingFile } from '../../core/ports/passing-files.ts';
import { refuseWithout } from '../callers/roles.ts';
import { callerNow, callerOf } from '../callers/sign-in.ts';
import { demandProgress, endProgress } from '../connections/body-deadlines.ts';
import { read, routeOf } from '../contract/endpoint.ts';
import { uploadEndpoint } from '../contract/upload-endpoints.ts';
import { answerOnce } from '../operations/answer-once.ts';
import type { GivenAnswer, GivenAnswers } from '../operations/given-answers.ts';
import { sendProblem } from '../send-problem.ts';
import { incomingBytes } from './incoming-bytes.ts';
import { checkSaid, type TakenFile, takeFile } from './take-file.ts';
import type { UploadPlace, UploadRoom } from './upload-room.ts';

/**
 * `POST /api/v1/assets`: a file in the body of one request. It is taken in when all of it has come, and
 * answered when what is recorded of it is durable.
 */
export function uploadRoute(
  archive: Pick<Archive, 'ledger' | 'intake' | 'passingFiles'>,
  runner: Pick<OperationRunner, 'start'>,
  room: UploadRoom,
  answers: GivenAnswers,
): Router {
  const { ledger } = archive;
  const { organisation } = ledger.self;
  const router = Router();
  router.post(routeOf(uploadEndpoint), async (req, res) => {
    refuseWithout('record', callerOf(req), organisation);
    const said = read(uploadEndpoint.query, req.query);
    if (!req.is(uploadEndpoint.body.type)) {
      const text = `the body is the file, and has to be sent as ${uploadEndpoint.body.type}`;
      return sendProblem(res, new ArchiveError('input_invalid', text), 415);
    }
    // What is wrong with the words is told before the bytes have come.
    await checkSaid(said, archive);
    // Its bytes are written a second time when it is taken in, which may have to wait.
    using place = room.enter({ caller: callerOf(req), size: lengthOf(req) });
    await using file = await received(req, place, said.sha256);
    // It may have taken hours to come.
    refuseWithout('record', callerNow(req), organisation);
    const [{ path = '' } = {}] = file.segments;
    const asked = { parts: [uploadEndpoint.id, said, file.cid], tellsSecret: false };
    await answerOnce(req, res, answers, asked, async (signal) => {
      const taken = await takeFile({ path, size: file.size, said }, runner, signal);
      // Whoever is answered may send the next one at once.
      place[Symbol.dispose]();
      return answerOf(taken);
    });
  });
  return router;

  async function received(
    req: Request,
    place: UploadPlace,
    sha256: string | undefined,
  ): Promise<PassingFile> {
    demandProgress(req);
    try {
      const hash = createHash('sha256');
      const bytes = incomingBytes(req, (chunk) => {
        place.take(chunk.length);
        if (sha256 !== undefined) hash.update(chunk);
      });
      await using undo = new AsyncDisposableStack();
      const file = undo.use(await archive.passingFiles.take(bytes, room.mostBytes(callerOf(req))));
      const found = sha256 === undefined ? undefined : hash.digest('hex');
      if (found !== sha256) {
        const text = `the body has the sha-256 ${found}, which is not ${sha256}; send it again`;
        throw new ArchiveError('digest_mismatch', text);
      }
      undo.move();
      return file;
    } finally {
      endProgress(req);
    }
  }
}

function answerOf({ asset, isDeposited }: TakenFile): GivenAnswer {
  return {
    status: isDeposited ? 201 : 200,
    headers: { Location: `/api/v1/assets/${asset.cid}` },
    body: `${JSON.stringify(asset)}\n`,
  };
}

function lengthOf(req: Request): number | undefined {
  const header = req.get('content-length');
  return header === undefined ? undefined : Number(header);
}
