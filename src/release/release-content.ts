import type { ContentStore } from '../core/ports/content-store.ts';

/** What releases need of the content store. */
export type ReleaseContent = Pick<
  ContentStore,
  'putBlock' | 'putDirectory' | 'sync' | 'getBlock' | 'destroy' | 'stat' | 'read' | 'list'
>;
