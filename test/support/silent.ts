import type { Telling } from '../../src/archive/operations/operation.ts';

/** Lets an operation speak to nobody. */
export const silent: Telling = {
  signal: new AbortController().signal,
  progress() {},
  notice() {},
  async item() {},
};
