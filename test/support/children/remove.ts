import { carryOutRemovals } from '../../../src/archive/removing/carry-out-removals.ts';
import { openArchive } from '../../../src/compose/open-archive.ts';
import { systemEnvirons } from '../../../src/compose/system.ts';

/** Carries out what is to be removed in a home, as of so many milliseconds later; says when it begins. */
const [home, laterMs] = process.argv.slice(2);
if (home === undefined || laterMs === undefined) throw new RangeError();
const environs = { ...systemEnvirons, clock: () => Date.now() + Number(laterMs) };
await using archive = await openArchive(home, { environs });
process.stdout.write('begun\n');
await carryOutRemovals({ isNewOnly: true }, archive);
