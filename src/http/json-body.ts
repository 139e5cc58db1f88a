import express, { type RequestHandler } from 'express';
import { ArchiveError } from '../core/errors.ts';
import { sendProblem } from './send-problem.ts';

const MOST_BYTES = 8 * 1_048_576;
const MOST_DEPTH = 64;

/** Reads a body of JSON: 8 MiB at most or what is said, not compressed, no more than 64 levels deep. */
export function jsonBody(mostBytes = MOST_BYTES): RequestHandler {
  const parse = express.json({
    limit: mostBytes,
    inflate: false,
    verify: (_req, _res, bytes) => refuseDepth(bytes),
  });
  return (req, res, next) => {
    if (req.is('application/json')) return parse(req, res, next);
    const text = 'the body has to be application/json, and not empty';
    sendProblem(res, new ArchiveError('input_invalid', text), 415);
  };
}

/** Looks at the bytes before they become values: what opens most is refused while it costs nothing. */
function refuseDepth(bytes: Uint8Array): void {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (isText) {
      if (byte === 0x5c) at += 1;
      else if (byte === 0x22) isText = false;
    } else if (byte === 0x22) isText = true;
    else if (byte === 0x5b || byte === 0x7b) depth += 1;
    else if (byte === 0x5d || byte === 0x7d) depth -= 1;
    if (depth > MOST_DEPTH) {
      const text = `the body is more than ${MOST_DEPTH} levels deep`;
      // The parser would take it for a failed signature, which is 403.
      throw Object.assign(new ArchiveError('input_invalid', text), { status: 400 });
    }
  }
}
