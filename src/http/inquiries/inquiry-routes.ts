import { type ErrorRequestHandler, type Request, type Response, Router } from 'express';
import type { WorkInquiries, WorkInquiry } from '../../archive/inquiries/work-inquiries.ts';
import { ArchiveError } from '../../core/errors.ts';
import { read, routeOf } from '../contract/endpoint.ts';
import { findEndpoint } from '../contract/inquiry-endpoints.ts';
import { toProblem } from '../problem.ts';
import { sendProblem } from '../send-problem.ts';
import { callerOf } from '../sign-in.ts';
import { readFormFile } from './form-file.ts';
import { inquiryLimit } from './inquiry-limit.ts';
import {
  answerPage,
  INQUIRY_PATH,
  INQUIRY_POLICY,
  questionPage,
  refusalPage,
} from './inquiry-page.ts';

/** What is answered without an account. */
export interface OpenInquiries {
  readonly works: WorkInquiries;
  /** Questions of one address. */
  readonly perHour: number;
}

/** "Is my work here?", for programs and, as a page without scripts, for people; refused where it is not open. */
export function inquiryRoutes(open: OpenInquiries | undefined): Router {
  const router = Router();
  if (open === undefined) {
    const refuse = () => {
      const text = 'the operator of this node does not answer this question';
      throw new ArchiveError('not_allowed', text);
    };
    router.post([routeOf(findEndpoint), INQUIRY_PATH], refuse);
    return router.get(INQUIRY_PATH, refuse);
  }
  const { works, perHour } = open;
  const limit = inquiryLimit(perHour);
  router.post(routeOf(findEndpoint), limit, async (req, res) => {
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
  router.post(INQUIRY_PATH, limit, async (req, res) => {
    const file = await readFormFile(req.get('content-type') ?? '', bodyOf(req));
    const answer = await ask(req, res, file);
    sendPage(res, answerPage(answer, works.maxBytes));
  });
  router.use(INQUIRY_PATH, refusals(works.maxBytes));
  return router;

  async function ask(
    req: Request,
    res: Response,
    file: Pick<WorkInquiry, 'filename' | 'bytes'>,
  ): Promise<Awaited<ReturnType<WorkInquiries['answer']>>> {
    const gone = new AbortController();
    res.once('close', () => gone.abort(new ArchiveError('aborted', 'the client went away')));
    return works.answer({ ...file, caller: callerOf(req), signal: gone.signal });
  }
}

/** The body stays open when it is not read to the end, so that whoever sends too much gets to know. */
function bodyOf(req: Request): AsyncIterable<Buffer> {
  req.res?.once('finish', () => req.resume());
  return req.iterator({ destroyOnReturn: false });
}

/** People are told on the page what programs are told by a problem document. */
function refusals(maxBytes: number): ErrorRequestHandler {
  return (error, _req, res, next) => {
    if (!(error instanceof ArchiveError) || res.headersSent) return next(error);
    const { status, detail } = toProblem(error);
    if (detail === undefined) return next(error);
    res.status(status);
    sendPage(res, refusalPage(detail, maxBytes));
  };
}

function sendPage(res: Response, html: string): void {
  res.set({ 'Content-Security-Policy': INQUIRY_POLICY, 'Cache-Control': 'no-store' });
  res.type('html').send(html);
}
