import type { Protocol } from '../../core/ports/network.ts';

/**
 * One request, one answer: the bodies of C2SP tlog-witness `add-checkpoint`, in the answer behind a line
 * with the status. Open to guests: a witness sees no entries and cannot tell who is a member, but what is
 * asked is signed by the log that it is about.
 */
export const COSIGN: Protocol = {
  name: '/ringfence/cosign/1',
  strangers: false,
  guests: true,
  maxMessageBytes: 32_768,
  idleMs: 30_000,
  maxStreams: 2,
};
