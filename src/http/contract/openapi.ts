import { z } from 'zod';
import { errorCode } from '../../archive/operations/answers/names.ts';
import { SIGNED } from '../callers/signed-url.ts';
import { idempotencyHeaders } from '../operations/idempotency-key.ts';
import type { Endpoint } from './endpoint.ts';

const problem = z.object({
  type: z.literal('about:blank'),
  title: z.string(),
  status: z.int(),
  detail: z.string().optional(),
  code: errorCode,
  retryable: z.boolean(),
});

const PROBLEM = { $ref: '#/components/responses/Problem' };

type Json = Readonly<Record<string, unknown>>;

/**
 * Returns the description of endpoints in OpenAPI 3.1 (https://spec.openapis.org/oas/v3.1.1). Its
 * schemas are made of those that validate requests, so there is no second list to keep in step.
 */
export function openApiOf(endpoints: readonly Endpoint[], version: string): Json {
  const paths: Record<string, Record<string, unknown>> = {};
  for (const endpoint of endpoints) {
    paths[endpoint.path] = { ...paths[endpoint.path], [endpoint.method]: operationOf(endpoint) };
  }
  return gathered({
    openapi: '3.1.0',
    info: {
      title: 'Ringfence',
      version,
      description:
        'An archive of human-made work. Times are RFC 3339 in UTC. Uploads that go on after an interruption are begun ' +
        'by a POST to /api/v1/uploads, as the protocol tus 1.0 has it (https://tus.io/protocols/resumable-upload), with ' +
        'the names of the query of POST /api/v1/assets in Upload-Metadata, such as name; whoever may record may begin ' +
        'one, and the PATCH that brings the last byte is answered with the asset.',
      license: { name: 'Apache-2.0 OR MIT', identifier: 'Apache-2.0 OR MIT' },
    },
    servers: [{ url: '/' }],
    paths,
    components: {
      securitySchemes: {
        token: {
          type: 'http',
          scheme: 'bearer',
          bearerFormat: 'JWT',
          description: 'Signed by a member’s did:key for this node: `ringfence token`.',
        },
        signedUrl: {
          type: 'apiKey',
          in: 'query',
          name: SIGNED,
          description: 'Part of a URL that was signed for this path: `ringfence sign-url`.',
        },
      },
      responses: {
        Problem: {
          description:
            'What was wrong (RFC 9457). `code` is stable, `detail` is for people. 429 `rate_limited` and 503 `busy` say in `Retry-After` after how many seconds to ask again: `busy` is what a node says to more requests at a time, or more questions that look at the whole archive (counts, facets, far pages), than it takes on.',
          headers: {
            'Retry-After': {
              description: 'Seconds, with `rate_limited` and `busy`.',
              schema: { type: 'integer', minimum: 0 },
            },
          },
          content: { 'application/problem+json': { schema: schemaOf(problem, 'output') } },
        },
      },
    },
  });
}

/** Moves what schemas define beside themselves to one place, where every name means one schema. */
function gathered({ components, ...document }: Json): Json {
  const schemas: Record<string, Json> = {};
  const text = JSON.stringify({ components, document }).replaceAll(
    '#/$defs/',
    '#/components/schemas/',
  );
  const rest = JSON.parse(text, (key, value) =>
    key === '$defs' ? void Object.assign(schemas, value) : value,
  );
  return { ...rest.document, components: { ...rest.components, schemas } };
}

function operationOf(endpoint: Endpoint): Json {
  const { id, summary, body, answer, isConditional, isKeyed, isSignable } = endpoint;
  const { description, type, schema, statuses = [200] } = answer;
  const content = { [type]: schema === undefined ? {} : { schema: schemaOf(schema, 'output') } };
  return {
    operationId: id,
    summary,
    parameters: [
      ...parametersIn('path', endpoint.parameters),
      ...parametersIn('query', endpoint.query),
      ...parametersIn('header', isConditional ? CONDITIONS : undefined),
      ...parametersIn('header', isKeyed ? idempotencyHeaders : undefined),
    ],
    ...(body === undefined ? {} : { requestBody: bodyOf(body) }),
    security: [{ token: [] }, ...(isSignable ? [{ signedUrl: [] }] : []), {}],
    responses: {
      ...Object.fromEntries(statuses.map((status) => [status, { description, content }])),
      ...(isConditional ? { 304: { description: 'It is what you have.' } } : {}),
      default: PROBLEM,
    },
  };
}

const CONDITIONS = z.object({
  'If-None-Match': z.string().exactOptional().describe('`ETag`s of what you have'),
});

function bodyOf({ type, schema }: NonNullable<Endpoint['body']>): Json {
  const content = schema === undefined ? {} : { schema: schemaOf(schema, 'input') };
  return { required: true, content: { [type]: content } };
}

function parametersIn(place: string, schema: z.ZodObject | undefined): readonly Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = schemaOf(schema, 'input') as {
    properties?: Record<string, { description?: string }>;
    required?: readonly string[];
  };
  return Object.entries(properties).map(([name, { description, ...rest }]) => ({
    name,
    in: place,
    required: required.includes(name),
    ...(description === undefined ? {} : { description }),
    schema: rest,
  }));
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output'): Json {
  const { $schema: _dialect, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return rest;
}
