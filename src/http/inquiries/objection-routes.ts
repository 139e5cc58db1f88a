import express, { type RequestHandler, type Response, Router } from 'express';
import type { Archive } from '../../archive/archive.ts';
import { readableAsset, recordObjection, shownObjection } from '../../archive/inquiries/object.ts';
import { objectAsMaker } from '../../archive/inquiries/object-as-maker.ts';
import type { ObjectionTerms } from '../../core/ports/objections.ts';
import { INQUIRY_PATH } from '../../core/sharing/inquiry-path.ts';
import { callerOf } from '../callers/sign-in.ts';
import { read, routeOf } from '../contract/endpoint.ts';
import {
  objectEndpoint,
  objection,
  objectionAnswerEndpoint,
} from '../contract/objection-endpoints.ts';
import { jsonBody } from '../json-body.ts';
import { inquiryLimit } from './inquiry-limit.ts';
import { objectionAnswerPage, objectionPage, receiptForm, receiptPage } from './objection-pages.ts';
import { sendPage } from './send-page.ts';

/** What objections are taken from and kept in. */
export type ObjectionParts = Pick<
  Archive,
  | 'ledger'
  | 'catalog'
  | 'browsers'
  | 'objections'
  | 'clock'
  | 'randomBytes'
  | 'sha256'
  | 'verifySignature'
>;

export interface ObjectionLimits extends ObjectionTerms {
  /** Objections of one address. */
  readonly objectionsPerDay: number;
  /** Questions of one address, among them those with a receipt. */
  readonly perHour: number;
}

/** More than 4,000 characters need, however they are encoded. */
const MOST_BYTES = 65_536;

const formBody = express.urlencoded({ extended: false, limit: MOST_BYTES, inflate: false });

const DAY_HOURS = 24;

/** Objections, for programs and, as pages of forms, for people; `asking` counts their questions. */
export function objectionRoutes(
  archive: ObjectionParts,
  limits: ObjectionLimits,
  asking: RequestHandler,
): Router {
  const router = Router();
  const objecting = inquiryLimit('objectionsPerDay', limits.objectionsPerDay, DAY_HOURS);
  router.post(routeOf(objectEndpoint), objecting, jsonBody(MOST_BYTES), async (req, res) => {
    const asked = read(objectEndpoint.body.schema, req.body);
    const caller = callerOf(req);
    if ('claim' in asked) {
      const { asset, entry } = await objectAsMaker(JSON.stringify(asked.claim), caller, archive);
      sendFresh(res, { state: 'held', asset, entry });
    } else {
      const recorded = await recordObjection({ ...asked, caller }, limits, archive);
      sendFresh(res, { state: 'pending', ...recorded });
    }
  });
  router.post(routeOf(objectionAnswerEndpoint), asking, jsonBody(MOST_BYTES), (req, res) => {
    const { receipt } = read(objectionAnswerEndpoint.body.schema, req.body);
    sendFresh(res, shownObjection(receipt, archive));
  });
  router.get(`${INQUIRY_PATH}/object`, (req, res) => {
    const { asset: text } = read(objection.pick({ asset: true }), req.query);
    sendPage(res, objectionPage(readableAsset(text, callerOf(req), archive)));
  });
  router.post(`${INQUIRY_PATH}/object`, objecting, formBody, async (req, res) => {
    const asked = read(objection, req.body ?? {});
    const recorded = await recordObjection({ ...asked, caller: callerOf(req) }, limits, archive);
    sendPage(res, receiptPage(recorded));
  });
  router.get(`${INQUIRY_PATH}/answer`, (_req, res) => sendPage(res, receiptForm()));
  router.post(`${INQUIRY_PATH}/answer`, asking, formBody, (req, res) => {
    const { receipt } = read(objectionAnswerEndpoint.body.schema, req.body ?? {});
    sendPage(res, objectionAnswerPage(shownObjection(receipt, archive)));
  });
  return router;
}

function sendFresh(res: Response, value: unknown): void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  res.set('Cache-Control', 'no-store').type('application/json').send(body);
}
