import { open, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { showReplicas } from '../../src/archive/operations/keep-copies.ts';
import { DEFAULT_POLICY } from '../../src/core/policy/shipped.ts';
import { ask } from './ask.ts';
import { ringfence, show, startNode, UNSOUND } from './commands.ts';

const MOST_LOOKS = 240;
const DRAWING = 'node_modules/openmoji/color/svg/1F600.svg';

/** A partner studio joins, holds a copy, loses a block, heals it, and confirms the archive's history. */
export async function partnerAct(home: string, partner: string): Promise<void> {
  show('A partner studio joins with one invitation.');
  const [invitation = ''] = (await ringfence(home, ['invite', 'partner', '--policy', 'all'])).split(
    '\n',
  );
  await ringfence(partner, ['join', invitation, '--name', 'Studio']);

  show('The partner fetches every asset and checks every byte and every entry itself.');
  {
    await using _studio = await startNode(partner);
    await untilHeld(partner);
    await ringfence(partner, ['replicate', 'status']);
    await ringfence(partner, ['verify']);
  }

  show('Its disk flips some bits. A check names what is damaged.');
  await spoil(join(partner, 'packs'));
  await ringfence(partner, ['verify'], { mayEnd: UNSOUND });

  show('A running node gets what is damaged from the archive.');
  await using _studio = await startNode(partner);
  await untilConnected(partner);
  await ringfence(partner, ['fixity', '--now']);
  await ringfence(partner, ['verify']);

  show('The partner confirms the history of the archive: nobody can rewrite it unseen.');
  await ringfence(home, ['checkpoint']);
}

/** Overwrites some bytes of a drawing, in whichever pack it lies. */
async function spoil(packs: string): Promise<void> {
  const drawing = await readFile(DRAWING);
  for (const name of (await readdir(packs)).filter((one) => one.endsWith('.car'))) {
    const path = join(packs, name);
    const start = (await readFile(path)).indexOf(drawing);
    if (start < 0) continue;
    const at = start + Math.floor(drawing.length / 2);
    const file = await open(path, 'r+');
    try {
      await file.write(Buffer.from('ruined'), 0, 6, at);
    } finally {
      await file.close();
    }
    console.log(`$ printf ruined | dd of=${path} bs=1 seek=${at} conv=notrunc`);
    return;
  }
  throw new Error(`no pack in ${packs} holds ${DRAWING}`);
}

async function untilHeld(home: string): Promise<void> {
  await until('the partner did not fetch everything', async () => {
    const own = (await copiesAt(home)).find(({ isThisHome }) => isThisHome);
    return own !== undefined && own.wanted > 0 && own.held === own.wanted;
  });
}

async function untilConnected(home: string): Promise<void> {
  await until('the partner did not reach the archive', async () =>
    (await copiesAt(home)).some(({ isThisHome, connected }) => !isThisHome && connected),
  );
}

async function copiesAt(home: string) {
  const { result } = await ask(home, showReplicas, { policy: DEFAULT_POLICY });
  return result.nodes;
}

async function until(failure: string, isSo: () => Promise<boolean>): Promise<void> {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    if (await isSo()) return;
    await delay(250);
  }
  throw new Error(failure);
}
