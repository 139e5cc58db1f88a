import type { ByteSource, Inspection, Inspector } from '../../../src/evidence/inspector.ts';

/** Inspectors that get into trouble when the file name asks for it, to try the pool with real threads. */
export const INSPECTORS: readonly Inspector[] = [
  { name: 'everything', version: 1, readsAll: true, inspect: measure },
  { name: 'first', version: 3, readsAll: false, inspect: measure },
  { name: 'trouble', version: 1, readsAll: false, inspect: makeTrouble },
  {
    name: 'last',
    version: 1,
    readsAll: false,
    inspect: measure,
    isSpent: () => wornOut > 0,
  },
];

function measure(source: ByteSource): Inspection {
  return { outcome: 'found', facts: { size: source.size, name: source.filename }, raw: [] };
}

let wornOut = 0;

async function makeTrouble(source: ByteSource): Promise<Inspection> {
  switch (source.filename) {
    case 'endless.bin':
      for (;;) if (performance.now() < 0) break;
      break;
    case 'never.bin':
      await new Promise(() => {});
      break;
    case 'hungry.bin': {
      const hoard: object[] = [];
      for (;;) hoard.push({ more: [hoard.length] });
    }
    case 'wearing.bin':
      wornOut += 1;
      return { outcome: 'found', facts: { wornOut }, raw: [] };
    case 'exit.bin':
      process.exit(3);
      break;
    case 'later.bin':
      setTimeout(() => {
        throw new Error('thrown from a timer');
      });
      await new Promise(() => {});
      break;
    case 'deep.bin':
      recurse(0);
      break;
    case 'thrown.bin':
      throw new TypeError('cannot read this');
  }
  return measure(source);
}

function recurse(depth: number): number {
  return recurse(depth + 1) + 1;
}
