import type { InspectorIdentity } from './inspector.ts';

/**
 * What the pool must know of the inspectors of `inspector-list.ts`, in the same order, to deal out work
 * to threads without loading them and what they read with.
 */
export const IDENTITIES: readonly InspectorIdentity[] = [
  { name: 'format', version: 1, readsAll: false },
  { name: 'digests', version: 1, readsAll: true },
  { name: 'traces', version: 5, readsAll: false, whenUnreadable: { generator: null } },
  { name: 'source-type', version: 3, readsAll: false },
  {
    name: 'credentials',
    version: 3,
    readsAll: true,
    whenUnreadable: { credential: 'unreadable', digitalSourceTypes: [], trainingMining: {} },
  },
  { name: 'fingerprints', version: 4, readsAll: true, whenUnreadable: { iscc: null, pdq: null } },
  { name: 'reservations', version: 2, readsAll: false },
  { name: 'metadata', version: 2, readsAll: false },
  { name: 'deep-metadata', version: 2, readsAll: true },
];
