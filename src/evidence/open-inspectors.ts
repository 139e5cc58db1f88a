import { availableParallelism } from 'node:os';
import type { Inspectors } from '../core/ports/inspector.ts';
import { INSPECTORS } from './inspector-list.ts';
import { DEFAULT_LIMITS, type InspectionLimits } from './limits.ts';
import { InspectorPool } from './threads/inspector-pool.ts';

/**
 * Returns the inspectors of this version, to be disposed by the caller.
 *
 * Worker threads start with the first asset; by default one fewer than there are cores. Bytes cannot
 * make `inspect` fail, take it beyond its limits, or take other assets of the same call with them.
 */
export function openInspectors(
  options: { readonly workers?: number; readonly limits?: Partial<InspectionLimits> } = {},
): Inspectors & AsyncDisposable {
  return new InspectorPool({
    inspectors: INSPECTORS,
    module: new URL('./inspector-list.ts', import.meta.url),
    workers: Math.max(1, options.workers ?? availableParallelism() - 1),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
  });
}
