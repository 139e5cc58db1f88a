import type { ErrorRequestHandler, Response } from 'express';
import { ArchiveError } from '../../core/errors.ts';
import { STYLE_HASH } from '../html.ts';
import { toProblem } from '../problem.ts';
import { refusalPage } from './inquiry-page.ts';

/** Lets the page have its own style, pictures and forms, and nothing else: no script, nothing from elsewhere. */
const POLICY = `default-src 'none'; style-src ${STYLE_HASH}; img-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'`;

export function sendPage(res: Response, html: string): void {
  res.set({ 'Content-Security-Policy': POLICY, 'Cache-Control': 'no-store' });
  // Without it browsers send the forms of a page with the origin "null", as a page of others has it.
  res.set('Referrer-Policy', 'same-origin');
  res.type('html').send(html);
}

/** People are told on a page what programs are told by a problem document. */
export const refusals: ErrorRequestHandler = (error, _req, res, next) => {
  if (!(error instanceof ArchiveError) || res.headersSent) return next(error);
  const { status, detail } = toProblem(error);
  if (detail === undefined) return next(error);
  res.status(status);
  sendPage(res, refusalPage(detail));
};
