import type { Protocol } from '../../core/ports/network.ts';

/**
 * One request, one answer: the bodies of C2SP tlog-witness `add-checkpoint`, in the answer behind a line
 * with the status.
 */
export const COSIGN: Protocol = {
  name: '/ringfence/cosign/1',
  strangers: false,
  maxMessageBytes: 32_768,
  idleMs: 30_000,
  maxStreams: 2,
};
