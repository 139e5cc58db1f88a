import { type Request, type Response, Router } from 'express';
import type {
  InquiryAnswer,
  WorkInquiries,
  WorkInquiry,
} from '../../archive/inquiries/work-inquiries.ts';
import { ArchiveError } from '../../core/errors.ts';
import { INQUIRY_PATH } from '../../core/sharing/inquiry-path.ts';
import { callerOf } from '../callers/sign-in.ts';
import { demandProgress, endProgress } from '../connections/body-deadlines.ts';
import { read, routeOf } from '../contract/endpoint.ts';
import { findEndpoint } from '../contract/inquiry-endpoints.ts';
import { objectEndpoint, objectionAnswerEndpoint } from '../contract/objection-endpoints.ts';
import { sendProblem } from '../send-problem.ts';
import { readFormFile } from './form-file.ts';
import { inquiryLimit } from './inquiry-limit.ts';
import { answerPage, questionPage } from './inquiry-page.ts';
import { type ObjectionLimits, type ObjectionParts, objectionRoutes } from './objection-routes.ts';
import { refusals, sendPage } from './send-page.ts';

/** What is answered without an account. */
export interface OpenInquiries extends ObjectionLimits {
  readonly works: WorkInquiries;
}

/** "Is my work here?", for programs and, as pages without scripts, for people; refused where it is not open. */
export function inquiryRoutes(archive: ObjectionParts, open: OpenInquiries | undefined): Router {
  const router = Router();
  if (open === undefined) {
    const refuse = () => {
      throw new ArchiveError('not_allowed', 'the operator of this node does not answer this');
    };
    for (const one of ENDPOINTS) router[one.method](routeOf(one), refuse);
    return router.use(INQUIRY_PATH, refuse);
  }
  const { works, perHour } = open;
  const asking = inquiryLimit('perHour', perHour, 1);
  router.post(routeOf(findEndpoint), asking, async (req, res) => {
    const { name = '' } = read(findEndpoint.query, req.query);
    if (!req.is(findEndpoint.body.type)) {
      const text = `the body is the file, and has to be sent as ${findEndpoint.body.type}`;
      sendProblem(res, new ArchiveError('input_invalid', text), 415);
      return;
    }
    const answer = await ask(req, res, { filename: name, bytes: bodyOf(req) });
    const body = Buffer.from(`${JSON.stringify(answer)}\n`);
    res.set('Cache-Control', 'no-store').type('application/json').send(body);
  });
  router.get(INQUIRY_PATH, (_req, res) => sendPage(res, questionPage(works.maxBytes)));
  router.post(INQUIRY_PATH, asking, async (req, res) => {
    const file = await readFormFile(req.get('content-type') ?? '', bodyOf(req));
    sendPage(res, answerPage(await ask(req, res, file), works.maxBytes));
  });
  router.use(objectionRoutes(archive, open, asking));
  return router.use(INQUIRY_PATH, refusals);

  async function ask(
    req: Request,
    res: Response,
    file: Pick<WorkInquiry, 'filename' | 'bytes'>,
  ): Promise<InquiryAnswer> {
    const gone = new AbortController();
    res.once('close', () => gone.abort(new ArchiveError('aborted', 'the client went away')));
    return works.answer({ ...file, caller: callerOf(req), signal: gone.signal });
  }
}

/** How long a file may take to come: a place among few is kept for it. */
const MOST_MS = 120_000;

const ENDPOINTS = [findEndpoint, objectEndpoint, objectionAnswerEndpoint];

/** The body stays open when it is not read to the end, so that whoever sends too much gets to know. */
function bodyOf(req: Request): AsyncIterable<Buffer> {
  demandProgress(req, MOST_MS);
  req.res?.once('finish', () => endProgress(req));
  return req.iterator({ destroyOnReturn: false });
}
