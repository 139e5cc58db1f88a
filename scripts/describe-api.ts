/**
 * Writes the types of the HTTP interface that the pages of `src/web` are checked with, out of the
 * description that a node gives at `/openapi.json`.
 */
import { mkdir, writeFile } from 'node:fs/promises';
import openapiTypes, { type OpenAPI3 } from 'openapi-typescript';
import { ENDPOINTS } from '../src/http/contract/endpoints.ts';
import { openApiOf } from '../src/http/contract/openapi.ts';

const FOLDER = new URL('../.cache/web/', import.meta.url);

await mkdir(FOLDER, { recursive: true });
// The description is OpenAPI 3.1, which the generator reads and its type does not name.
const description = openApiOf(ENDPOINTS, '') as unknown as OpenAPI3;
await writeFile(new URL('described.d.ts', FOLDER), await openapiTypes(description));
