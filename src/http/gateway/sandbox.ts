/**
 * Files come from anybody: they may show themselves, and neither run, nor fetch, nor act as a page of
 * this origin.
 */
export const SANDBOX =
  "default-src 'none'; style-src 'unsafe-inline'; sandbox; frame-ancestors 'none'";
