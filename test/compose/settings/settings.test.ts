import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { addPeer } from '../../../src/archive/operations/meet-peers.ts';
import { showSettings } from '../../../src/archive/operations/show-settings.ts';
import { EXIT } from '../../../src/cli/exit-codes.ts';
import { foundArchive } from '../../../src/compose/founding/found-archive.ts';
import { openNode } from '../../../src/compose/open-node.ts';
import { runOperation } from '../../../src/compose/run-operation.ts';
import { type GivenSettings, settle } from '../../../src/compose/settings/effective-settings.ts';
import { settingsTable } from '../../../src/compose/settings/settings-table.ts';
import { documents, runCommand } from '../../support/command.ts';
import { silent } from '../../support/silent.ts';
import { temporaryFolder } from '../../support/temporary-folder.ts';

const FILE = { version: 1, packs: ['packs'], network: { visitors: 3, key: 'ab'.repeat(32) } };

const settled = (given: GivenSettings) => settle(FILE, { variables: {}, ...given });
const shown = (given: GivenSettings, name: string) =>
  settled(given).list.find((setting) => setting.name === name);

describe('settings', () => {
  it('are told in the README of this folder as the schema has them', () => {
    const readme = readFileSync(new URL('../../../src/compose/README.md', import.meta.url), 'utf8');
    for (const { name, variable, form, means } of settingsTable()) {
      expect(means, name).not.toBe('');
      expect(readme).toContain(`| \`${name}\` | \`${variable}\` | ${form} | ${means} |`);
    }
  });

  it('hold as a variable says before the file, and an option before both', () => {
    const variables = { RINGFENCE_NETWORK__VISITORS: '4', RINGFENCE_LISTEN: 'off' };
    const options = { listen: '127.0.0.1:8080' };
    const { values } = settled({ variables, options });
    expect(values).toMatchObject({ listen: '127.0.0.1:8080', network: { visitors: 4 } });
    expect(shown({}, 'network.visitors')).toMatchObject({ value: 3, source: 'file' });
    expect(shown({ variables }, 'network.visitors')).toMatchObject({
      value: 4,
      source: 'variable',
    });
    expect(shown({ variables, options }, 'listen')).toMatchObject({ source: 'option' });
    expect(shown({}, 'listen')).toMatchObject({ value: '127.0.0.1:0', source: 'default' });
    expect(shown({ variables: { RINGFENCE_LISTEN: '' } }, 'listen')?.source).toBe('default');
  });

  it('are read from variables in the form that each has', () => {
    const { values } = settled({
      variables: {
        RINGFENCE_PACKS: '["/disk,1/packs"]',
        RINGFENCE_NETWORK__LISTEN: '/ip4/0.0.0.0/tcp/4001, /ip4/0.0.0.0/tcp/4002/ws',
        RINGFENCE_NETWORK__INTRODUCTIONS: 'false',
        RINGFENCE_REPLICA__BUDGET_BYTES: '1000',
        RINGFENCE_REPLICA__BANDWIDTH__HOURS: '[{"from":"07:00","to":"18:00","bytesPerSecond":0}]',
        RINGFENCE_SCREENING__CLAMD: '127.0.0.1:3310',
      },
    });
    expect(values).toMatchObject({
      packs: ['/disk,1/packs'],
      network: {
        listen: ['/ip4/0.0.0.0/tcp/4001', '/ip4/0.0.0.0/tcp/4002/ws'],
        introductions: false,
        visitors: 3,
      },
      replica: {
        budgetBytes: 1000,
        bandwidth: { hours: [{ from: '07:00', to: '18:00', bytesPerSecond: 0 }] },
      },
      screening: { clamd: '127.0.0.1:3310' },
    });
  });

  it('that are secret are masked, and not repeated where they are wrong', () => {
    expect(shown({}, 'network.key')).toMatchObject({ value: '********', source: 'file' });
    const variables = { RINGFENCE_NETWORK__KEY: 'hush' };
    expect(() => settled({ variables })).toThrow(/RINGFENCE_NETWORK__KEY .*64 hexadecimal/);
    expect(() => settled({ variables })).not.toThrow(/hush/);
  });

  it.each([
    ['RINGFENCE_NETWORK__VISITORS', 'many', /^RINGFENCE_NETWORK__VISITORS cannot be used/],
    ['RINGFENCE_REPLICA__WANT', 'half', /^RINGFENCE_REPLICA__WANT cannot be used: must be all/],
    ['RINGFENCE_LISTN', 'off', /^RINGFENCE_LISTN is no setting; RINGFENCE_LISTEN is/],
    ['RINGFENCE_HOMES', '/a', /^RINGFENCE_HOMES is no setting; RINGFENCE_HOME is/],
    ['RINGFENCE_NETWORK_LISTEN', '', /; RINGFENCE_NETWORK__LISTEN is/],
    ['RINGFENCE_NETWORK__SECRET_DOOR', '1', /^RINGFENCE_NETWORK__SECRET_DOOR is no setting/],
  ])('are refused by name where %s is %j', (name, value, text) => {
    expect(() => settled({ variables: { [name]: value } })).toThrow(text);
  });

  it('of other programs with the same beginning are passed over', () => {
    const variables = { RINGFENCE_PORT: 'tcp://10.0.0.1', RINGFENCE_SERVICE_HOST: '10.0.0.1' };
    expect(settled({ variables }).list.every(({ source }) => source !== 'variable')).toBe(true);
  });
});

describe('the settings of a home', () => {
  const temporary = temporaryFolder();
  const home = join(temporary.path, 'home');
  beforeAll(() => foundArchive(home, { name: 'Poems' }));
  afterAll(() => temporary[Symbol.dispose]());

  it('are printed by "config" with where each comes from', async () => {
    const env = { RINGFENCE_SCREENING__HASH_LISTS: 'known.txt' };
    const ran = await runCommand(['--home', home, '--json', 'config'], { env });
    expect(ran).toMatchObject({ status: EXIT.done, stderr: '' });
    const [{ settings }] = documents(ran) as [{ settings: { name: string }[] }];
    expect(settings.map(({ name }) => name)).toEqual(settingsTable().map(({ name }) => name));
    expect(settings).toContainEqual({
      name: 'screening.hashLists',
      variable: 'RINGFENCE_SCREENING__HASH_LISTS',
      value: ['known.txt'],
      source: 'variable',
    });
  });

  it('are not changed where a variable overrules them', async () => {
    vi.stubEnv('RINGFENCE_NETWORK__PEERS', '/ip4/10.0.0.1/tcp/4001');
    const adding = runOperation(home, addPeer, { address: '/ip4/10.0.0.2/tcp/4001' }, silent);
    await expect(adding).rejects.toThrow(/^RINGFENCE_NETWORK__PEERS says which peers/);
    vi.unstubAllEnvs();
  });

  it('are those of the running node, with the options that it was given', async () => {
    await using _node = await openNode(home, { log() {}, listen: '127.0.0.1:0' });
    const { settings } = await runOperation(home, showSettings, {}, silent);
    expect(settings.find(({ name }) => name === 'listen')?.source).toBe('option');
  });

  it('are refused by name when the file has one that is none', async () => {
    const path = join(home, 'ringfence.json');
    const before = readFileSync(path, 'utf8');
    writeFileSync(path, JSON.stringify({ ...JSON.parse(before), listn: 'off' }));
    const asked = runOperation(home, showSettings, {}, silent);
    await expect(asked).rejects.toThrow(expect.objectContaining({ code: 'home_corrupt' }));
    await expect(asked).rejects.toThrow(/listn/);
  });
});
