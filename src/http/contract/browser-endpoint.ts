import { z } from 'zod';
import type { Endpoint } from './endpoint.ts';

/** 32 bytes in base64url. */
const bytes32 = z.string().regex(/^[\w-]{42}[AEIMQUYcgkosw048]$/);

export const browserEndpoint = {
  id: 'signBrowserIn',
  method: 'post',
  path: '/api/v1/browsers',
  summary: 'Uses up a sign-in link: from then on the key of this browser signs for the owner.',
  body: {
    type: 'application/json',
    schema: z.strictObject({
      link: bytes32.describe('What stands after the # of the link'),
      key: bytes32.describe('The public Ed25519 key: x of its JWK'),
    }),
  },
  answer: {
    description: 'Issuer and audience of the tokens that the browser signs, and until when.',
    type: 'application/json',
    schema: z.object({ key: z.string(), node: z.string(), until: z.string() }),
  },
} satisfies Endpoint;
