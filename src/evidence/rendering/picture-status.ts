/** The status by which the process of `picture-worker.ts` says that it would need more than it is given. */
export const STATUS_LIMIT = 3;
