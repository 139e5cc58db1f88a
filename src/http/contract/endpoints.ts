import {
  explainEndpoint,
  listEndpoint,
  previewEndpoint,
  readEndpoint,
  showEndpoint,
} from './assets-endpoints.ts';
import { browserEndpoint } from './browser-endpoint.ts';
import { catalogueEndpoint } from './catalogue-endpoint.ts';
import type { Endpoint } from './endpoint.ts';
import { findEndpoint } from './inquiry-endpoints.ts';
import { MAKER_ENDPOINTS } from './maker-endpoints.ts';
import { NODE_ENDPOINTS } from './node-endpoints.ts';
import { objectEndpoint, objectionAnswerEndpoint } from './objection-endpoints.ts';
import { OPERATION_ENDPOINTS } from './operations-endpoints.ts';
import { takeUploadsEndpoint, uploadEndpoint } from './upload-endpoints.ts';

/** Everything that a node describes of what it answers. */
export const ENDPOINTS: readonly Endpoint[] = [
  listEndpoint,
  showEndpoint,
  explainEndpoint,
  previewEndpoint,
  browserEndpoint,
  findEndpoint,
  uploadEndpoint,
  catalogueEndpoint,
  takeUploadsEndpoint,
  readEndpoint,
  objectEndpoint,
  objectionAnswerEndpoint,
  ...MAKER_ENDPOINTS,
  ...OPERATION_ENDPOINTS,
  ...NODE_ENDPOINTS,
];
