import { availableParallelism } from 'node:os';
import { ArchiveError } from '../core/errors.ts';
import type { Inspectors } from '../core/ports/inspector.ts';
import type { InspectionContext } from './inspector.ts';
import { IDENTITIES } from './inspector-identities.ts';
import { DEFAULT_LIMITS, type InspectionLimits } from './limits.ts';
import type { InspectorPool } from './threads/inspector-pool.ts';

export interface InspectorOptions {
  readonly workers?: number;
  readonly limits?: Partial<InspectionLimits>;
  /** Returns the trust list for credentials in force, where there is one. */
  readonly trust?: () => InspectionContext['trust'];
}

/**
 * Returns the inspectors of this version, to be disposed by the caller.
 *
 * They are loaded, and worker threads start, with the first asset: most uses of an archive inspect
 * nothing. By default there is one thread fewer than there are cores. Bytes cannot make `inspect` fail,
 * take it beyond its limits, or take other assets of the same call with them.
 */
export function openInspectors(options: InspectorOptions = {}): Inspectors & AsyncDisposable {
  let loading: Promise<InspectorPool> | undefined;
  let isClosed = false;
  return {
    versions: IDENTITIES,
    async inspect(requests, inspectOptions) {
      if (isClosed) throw new ArchiveError('aborted', 'the inspectors have been closed');
      loading ??= loadPool(options);
      return (await loading).inspect(requests, inspectOptions);
    },
    async [Symbol.asyncDispose]() {
      isClosed = true;
      await (await loading)?.[Symbol.asyncDispose]();
    },
  };
}

async function loadPool(options: InspectorOptions): Promise<InspectorPool> {
  const { InspectorPool } = await import('./threads/inspector-pool.ts');
  return new InspectorPool({
    inspectors: IDENTITIES,
    module: new URL('./inspector-list.ts', import.meta.url),
    workers: Math.max(1, options.workers ?? availableParallelism() - 1),
    limits: { ...DEFAULT_LIMITS, ...options.limits },
    context: () => ({ trust: options.trust?.() }),
  });
}
