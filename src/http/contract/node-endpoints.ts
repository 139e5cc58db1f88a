import { z } from 'zod';
import { EVENT_NAMES } from '../../archive/events/event.ts';
import type { Endpoint } from './endpoint.ts';

const TEXT = 'text/plain';

/** What is asked of the node itself. */
export const NODE_ENDPOINTS: readonly Endpoint[] = [
  {
    id: 'events',
    method: 'get',
    path: '/api/v1/events',
    summary: 'What happens, as it happens, as server-sent events, for as long as the client stays.',
    query: z.strictObject({
      since: z
        .string()
        .regex(/^\d{1,15}$/)
        .exactOptional()
        .describe('An arrival number to go on after, as `Last-Event-ID`'),
      types: z
        .string()
        .exactOptional()
        .describe(`Names with commas between them, of ${EVENT_NAMES.join(', ')}`),
    }),
    answer: { description: 'A stream that does not end.', type: 'text/event-stream' },
  },
  {
    id: 'description',
    method: 'get',
    path: '/openapi.json',
    summary: 'This description.',
    answer: { description: 'OpenAPI 3.1.', type: 'application/json', schema: z.looseObject({}) },
    isConditional: true,
  },
  {
    id: 'docs',
    method: 'get',
    path: '/docs',
    summary: 'This description, for people.',
    answer: { description: 'A page without scripts.', type: 'text/html' },
  },
  {
    id: 'metrics',
    method: 'get',
    path: '/metrics',
    summary: 'What an operator watches, for Prometheus.',
    answer: { description: 'Its text format.', type: TEXT, schema: z.string() },
  },
  {
    id: 'healthz',
    method: 'get',
    path: '/healthz',
    summary: 'Whether the node runs.',
    answer: { description: 'It runs.', type: TEXT, schema: z.string() },
  },
  {
    id: 'readyz',
    method: 'get',
    path: '/readyz',
    summary: 'Whether the node can answer.',
    answer: { description: 'It can.', type: TEXT, schema: z.string() },
  },
  {
    id: 'robots',
    method: 'get',
    path: '/robots.txt',
    summary: 'What crawlers are told: nothing is to be crawled, and every use is reserved.',
    answer: { description: 'RFC 9309.', type: TEXT, schema: z.string() },
  },
  {
    id: 'tdmrep',
    method: 'get',
    path: '/.well-known/tdmrep.json',
    summary: 'The reservation that holds where the headers of an answer say nothing else (TDMRep).',
    answer: {
      description: 'Locations and reservations; everything is reserved.',
      type: 'application/json',
      schema: z.array(z.strictObject({ location: z.string(), 'tdm-reservation': z.int() })),
    },
    isConditional: true,
  },
];
