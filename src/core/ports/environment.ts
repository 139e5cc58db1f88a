/** The time, in milliseconds since 1970 (UTC). Nothing else in the program reads the clock. */
export type Clock = () => number;

/** Fresh random bytes from a cryptographic source. */
export type RandomBytes = (length: number) => Uint8Array;
