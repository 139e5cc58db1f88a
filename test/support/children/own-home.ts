import { acquireOwnerLock } from '../../../src/sqlite/owner-lock.ts';

/** Owns the home named on the command line until it is killed; says so on one line. */
const lock = acquireOwnerLock(process.argv[2] ?? '');
process.stdout.write('owned\n');
setInterval(() => lock, 60_000);
