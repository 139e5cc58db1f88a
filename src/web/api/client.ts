import createClient from 'openapi-fetch';
import type { paths } from '../../../.cache/web/described.d.ts';
import { signedFetch } from './identity.ts';

/** The node that these pages come from, by what it says of itself in `/openapi.json`. */
export const api = createClient<paths>({
  baseUrl: location.origin,
  fetch: signedFetch,
  querySerializer: { array: { style: 'form', explode: true } },
});

/** What a node says; what is between here and it may say nothing of it. */
export interface Problem {
  readonly code?: string;
  readonly detail?: string;
  readonly title?: string;
}

/** What the node did not do, in its own words (RFC 9457). */
export class Refusal extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, { code, detail, title }: Problem) {
    super(detail ?? title ?? `the answer was ${status}`);
    this.status = status;
    this.code = code ?? 'internal';
  }
}

/** Returns what was answered. Throws a {@link Refusal}, or a `TypeError` where nothing was. */
export async function answered<T>(
  asked: Promise<{ data?: T; error?: unknown; response: Response }>,
): Promise<T> {
  const { data, error, response } = await asked;
  if (data !== undefined) return data;
  throw new Refusal(response.status, typeof error === 'object' && error !== null ? error : {});
}
