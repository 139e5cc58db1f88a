import type { OpenedDag } from '../../archive/open-dag.ts';
import type { Resolved } from '../../core/dag/resolve-path.ts';
import type { ContentPath } from './content-path.ts';

/** What a request was found to ask for. */
export interface Found {
  readonly path: ContentPath;
  readonly dag: OpenedDag;
  readonly resolved: Resolved;
}
