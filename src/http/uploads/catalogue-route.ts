import { Router } from 'express';
import type { Archive } from '../../archive/archive.ts';
import type { OperationRunner } from '../../archive/operations/operation-runner.ts';
import { readCatalogueFile } from '../../archive/operations/read-catalogue.ts';
import { MOST_CATALOGUE_BYTES } from '../../archive/taking/read-catalogue.ts';
import { ArchiveError } from '../../core/errors.ts';
import { refuseWithout } from '../callers/roles.ts';
import { callerOf } from '../callers/sign-in.ts';
import { demandProgress, endProgress } from '../connections/body-deadlines.ts';
import { catalogueEndpoint } from '../contract/catalogue-endpoint.ts';
import { read, routeOf } from '../contract/endpoint.ts';
import { streamOperation } from '../operations/operations-app.ts';
import { sendProblem } from '../send-problem.ts';
import { incomingBytes } from './incoming-bytes.ts';
import type { UploadRoom } from './upload-room.ts';

/** `POST /api/v1/catalogues`: a catalogue in the body of one request, which is read once all of it has come. */
export function catalogueRoute(
  archive: Pick<Archive, 'ledger' | 'passingFiles'>,
  runner: Pick<OperationRunner, 'start'>,
  room: UploadRoom,
): Router {
  const router = Router();
  router.post(routeOf(catalogueEndpoint), async (req, res) => {
    const caller = callerOf(req);
    refuseWithout('record', caller, archive.ledger.self.organisation);
    const said = read(catalogueEndpoint.query, req.query);
    if (!req.is(catalogueEndpoint.body.type)) {
      const text = `the body is the catalogue, and has to be sent as ${catalogueEndpoint.body.type}`;
      return sendProblem(res, new ArchiveError('input_invalid', text), 415);
    }
    // Until it has been read it takes one of the places that uploads have.
    using place = room.enter({ caller, size: undefined });
    demandProgress(req);
    const bytes = incomingBytes(req, (chunk) => place.take(chunk.length));
    await using file = await archive.passingFiles
      .take(bytes, MOST_CATALOGUE_BYTES)
      .finally(() => endProgress(req));
    const [{ path = '' } = {}] = file.segments;
    await streamOperation(readCatalogueFile, { ...said, path }, res, runner);
  });
  return router;
}
