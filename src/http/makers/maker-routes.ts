import { type Request, type Response, Router } from 'express';
import type { Archive } from '../../archive/archive.ts';
import { makersWith } from '../../archive/claims/vouchers.ts';
import { withdrawConsents } from '../../archive/claims/withdraw-consents.ts';
import { draftForMaker } from '../../archive/makers/draft-for-maker.ts';
import { madeClaims } from '../../archive/makers/made-claims.ts';
import { takeClaim } from '../../archive/makers/take-claim.ts';
import { parseCid } from '../../core/cid.ts';
import type { Did } from '../../core/entries/did-key.ts';
import { ArchiveError } from '../../core/errors.ts';
import { createSenderLimit } from '../callers/sender-limit.ts';
import { callerOf } from '../callers/sign-in.ts';
import { readToken, SIGN_IN } from '../callers/token.ts';
import { read, routeOf } from '../contract/endpoint.ts';
import {
  codeEndpoint,
  madeEndpoint,
  makerClaimEndpoint,
  makerDraftEndpoint,
  makersEndpoint,
  vouchedEndpoint,
} from '../contract/maker-endpoints.ts';
import { inquiryLimit } from '../inquiries/inquiry-limit.ts';
import { jsonBody } from '../json-body.ts';
import { sendJson } from '../send-json.ts';

/** What is done for makers who are no members. */
export interface MakerTerms {
  /** Whether what they have signed is taken. */
  readonly open: boolean;
  /** Claims of one key, and of one address. */
  readonly claimsPerDay: number;
  /** Questions of one address, and codes that it tries. */
  readonly perHour: number;
}

type Parts = Pick<
  Archive,
  | 'ledger'
  | 'catalog'
  | 'browsers'
  | 'clock'
  | 'randomBytes'
  | 'sha256'
  | 'verifySignature'
  | 'releases'
  | 'revisions'
>;

/** A question, and a claim about 32 assets. */
const MOST_ASKED_BYTES = 8_192;
const MOST_CLAIM_BYTES = 262_144;
const DAY_HOURS = 24;

/** What makers without membership say and ask; `asks` is what a file of theirs may weigh that they ask about. */
export function makerRoutes(archive: Parts, terms: MakerTerms, asks: number | null): Router {
  const { open, claimsPerDay, perHour } = terms;
  const router = Router();
  const asking = inquiryLimit('makersPerHour', perHour, 1);
  const trying = inquiryLimit('codesPerHour', perHour, 1);
  const claiming = inquiryLimit('claimsPerDay', claimsPerDay, DAY_HOURS);
  const ofKey = createSenderLimit({
    name: 'claimsOfKey',
    most: claimsPerDay,
    windowMs: DAY_HOURS * 3_600_000,
    words: `${claimsPerDay} claims of one key are taken in a day`,
  });
  const refuseClosed = (_req: Request, _res: Response, next: () => void) => {
    if (open) return next();
    throw new ArchiveError('not_allowed', 'the operator of this node takes no claims from makers');
  };
  const smallBody = jsonBody(MOST_ASKED_BYTES);

  router.get(routeOf(makersEndpoint), (req, res) => {
    const { self, address } = archive.ledger;
    sendJson(req, res, { node: self.did, archive: address, claims: open, asks });
  });
  router.post(routeOf(vouchedEndpoint), refuseClosed, asking, smallBody, async (req, res) => {
    const { token, assets } = read(vouchedEndpoint.body.schema, req.body);
    const key = await keyOf(token);
    const vouched: string[] = [];
    for (const asset of assets.map(parseCid)) {
      if ((await makersWith(key, asset, archive)).length > 0) vouched.push(asset);
    }
    sendFresh(res, { assets: vouched });
  });
  router.post(routeOf(makerDraftEndpoint), refuseClosed, asking, smallBody, async (req, res) => {
    const { token, claim: said, assets } = read(makerDraftEndpoint.body.schema, req.body);
    const terms = { under: null, replaces: [], legalBasis: 'consent' };
    const claim = said.kind === 'consent' ? { ...said, ...terms } : said;
    const asked = { key: await keyOf(token), claim, assets: [...new Set(assets.map(parseCid))] };
    const { statements: _statements, ...draft } = await draftForMaker(asked, archive);
    sendFresh(res, draft);
  });
  const claimBody = jsonBody(MOST_CLAIM_BYTES);
  router.post(routeOf(makerClaimEndpoint), refuseClosed, claiming, claimBody, async (req, res) => {
    const { claim } = read(makerClaimEndpoint.body.schema, req.body);
    const told = await takeClaim(JSON.stringify(claim), archive, (key) => ofKey(key, res));
    sendFresh(res, told);
  });
  router.post(routeOf(codeEndpoint), trying, smallBody, async (req, res) => {
    const { code } = read(codeEndpoint.body.schema, req.body);
    sendFresh(res, await withdrawConsents({ code }, archive));
  });
  router.get(routeOf(madeEndpoint), async (req, res) => {
    const asset = parseCid(read(madeEndpoint.parameters, req.params).asset);
    const caller = callerOf(req);
    if (caller.kind !== 'maker') {
      throw new ArchiveError('sign_in_required', 'a maker asks this, by the key that signed');
    }
    if (!archive.catalog.hasSigned(caller.key, asset)) {
      const text = `${asset} is not in this archive, or not for you to read`;
      throw new ArchiveError('not_found', text);
    }
    sendFresh(res, await madeClaims(caller.key, asset, archive));
  });
  return router;

  async function keyOf(token: string): Promise<Did> {
    const at = { audience: archive.ledger.self.did, now: archive.clock() };
    return (await readToken(SIGN_IN, token, at)).key;
  }
}

function sendFresh(res: Response, value: unknown): void {
  const body = Buffer.from(`${JSON.stringify(value)}\n`);
  res.set('Cache-Control', 'no-store').type('application/json').send(body);
}
