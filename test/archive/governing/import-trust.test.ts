import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importTrust } from '../../../src/archive/governing/import-trust.ts';
import { intake } from '../../../src/intake/intake.ts';
import { sha256 } from '../../../src/ledger/sha256.ts';
import { testCredentialList } from '../../evidence/support/credential-files.ts';
import { hasEvidenceFiles } from '../../evidence/support/public-files.ts';
import { fixedClock } from '../../support/environs.ts';
import { testHome } from '../../support/test-home.ts';

const shared = new URL('../../../../shared', import.meta.url).pathname;
const TRUST = process.env['RINGFENCE_TRUST'] ?? join(shared, 'trust');
const hasTrust = existsSync(join(TRUST, 'C2PA-TRUST-LIST.json'));

const fileOf = (name: string) => ({ name, text: readFileSync(join(TRUST, name), 'utf8') });
const WISH = { purpose: 'signers', reason: 'change' } as const;

describe.skipIf(!hasTrust)('published trust data (skipped without RINGFENCE_TRUST)', () => {
  it('is proposed, and in force once the stewards have approved', async () => {
    using home = await testHome();
    await using ledger = await home.open();
    const parts = { ledger, intake, clock: fixedClock, sha256 };
    expect(ledger.credentialList()).toBeUndefined();
    const files = ['C2PA-TRUST-LIST.json', 'C2PA-TSA-TRUST-LIST.json'].map(fileOf);
    const imported = await importTrust({ ...WISH, files }, parts);
    expect(imported).toMatchObject({ signers: 30, timestampers: 22, products: 0 });
    expect(imported.proposed?.status).toBe('enacted');
    const first = ledger.credentialList();
    expect(first?.list.signers).toHaveLength(30);

    const products = [fileOf('conforming-products-list.json')];
    expect(await importTrust({ ...WISH, files: products }, parts)).toMatchObject({
      signers: 30,
      products: 153,
    });
    const second = ledger.credentialList();
    expect(second?.cid).not.toBe(first?.cid);
    expect(second?.list.products.filter(({ level }) => level === 2)).toHaveLength(7);
    expect(await importTrust({ ...WISH, files: products }, parts)).toMatchObject({
      proposed: null,
    });
  });

  it('is the same as PEM and as JSON', () => {
    const read = (name: string) => intake.readTrustFile(fileOf(name).text, 'signers').signers;
    expect(read('C2PA-TRUST-LIST.pem')).toEqual(read('C2PA-TRUST-LIST.json'));
  });
});

describe('a file of trust data', () => {
  it.each([
    ['nothing of the kind', '{"a": 1}'],
    ['no text at all', ''],
    ['a certificate that is none', '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----'],
    ['a list of this archive that is broken', '{"type": "credentials", "signers": "all"}'],
  ])('is refused by name if it holds %s', async (_what, text) => {
    using home = await testHome();
    await using ledger = await home.open();
    const parts = { ledger, intake, clock: fixedClock, sha256 };
    await expect(
      importTrust({ ...WISH, files: [{ name: 'list.json', text }] }, parts),
    ).rejects.toThrow(
      expect.objectContaining({
        code: 'usage_invalid',
        message: expect.stringContaining('list.json'),
      }),
    );
    expect(ledger.size()).toBe(1);
  });

  it('may list key usages', () => {
    const text = '// document signing\n1.3.6.1.5.5.7.3.36\n';
    expect(intake.readTrustFile(text, 'signers')).toEqual({ usages: ['1.3.6.1.5.5.7.3.36'] });
  });

  it.skipIf(!hasEvidenceFiles)(
    'comes back as it was shown (skipped without RINGFENCE_EVIDENCE)',
    () => {
      const { cid, list } = testCredentialList();
      const shown = JSON.stringify({ cid, ...list });
      const { v: _v, type: _type, ...said } = list;
      expect(intake.readTrustFile(shown, 'signers')).toEqual(said);
    },
  );
});
