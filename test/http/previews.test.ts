import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { signUrl } from '../../src/http/callers/signed-url.ts';
import { hasProgram } from '../support/has-program.ts';
import { type HttpHome, openHttpHome } from '../support/http-home.ts';
import { signerOf } from '../support/keys.ts';

const SCRIPTED =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 4"><script>alert(1)</script>' +
  '<rect width="8" height="4" fill="#00f" onclick="alert(2)"/></svg>';
const PAPER =
  '%PDF-1.7\n1 0 obj\n<</Type/Catalog/Pages 2 0 R>>\nendobj\n' +
  '2 0 obj\n<</Type/Pages/Count 1/Kids[3 0 R]>>\nendobj\n' +
  '3 0 obj\n<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>\nendobj\n' +
  'trailer<</Root 1 0 R/Size 4>>\n%%EOF\n';
const OPTIONS = {
  all: true,
  custody: true,
  hidden: false,
  dryRun: false,
  measured: false,
  collection: 'own',
};
const hasMutool = hasProgram('mutool', '-v', /mutool/);
const hasLimits = hasProgram('setpriv', '--version', /util-linux/);

describe.skipIf(!hasLimits)('previews over HTTP (skipped without util-linux)', () => {
  let http: HttpHome;
  const assets = new Map<string, string>();
  const at = (title: string) =>
    new URL(`/api/v1/assets/${assets.get(title)}/preview`, http.node.url ?? '').href;

  beforeAll(async () => {
    http = await openHttpHome();
    const folder = join(http.folder, 'works');
    mkdirSync(folder);
    writeFileSync(join(folder, 'drawing.svg'), SCRIPTED);
    writeFileSync(
      join(folder, 'page.html'),
      '<title>x</title><script>alert(3)</script><p>Words.</p>',
    );
    writeFileSync(join(folder, 'paper.pdf'), PAPER);
    writeFileSync(join(folder, 'data.bin'), Buffer.from([0, 1, 2, 3]));
    await http.perform('ingest', { ...OPTIONS, paths: [folder] });
    const { catalog } = http.node.archive;
    const { assets: listed } = catalog.list({}, { limit: 9 });
    for (const { cid, title } of listed) assets.set(title.split('.')[0] ?? '', cid);
  });
  afterAll(() => http[Symbol.asyncDispose]());

  it('are a picture that the node has made, never the drawing as it came', async () => {
    const answer = await http.owner(at('drawing'));
    expect(answer.headers.get('content-type')).toBe('image/webp');
    expect(answer.headers.get('content-security-policy')).toContain("default-src 'none'");
    const { width, height, format } = await sharp(await answer.arrayBuffer()).metadata();
    expect({ width, height, format }).toEqual({ width: 512, height: 256, format: 'webp' });
  });

  it('are the words of a page, as plain text', async () => {
    const answer = await http.owner(at('page'));
    expect(answer.headers.get('content-type')).toBe('text/plain; charset=utf-8');
    expect(await answer.text()).not.toContain('alert');
  });

  it('are not sent to whoever has them already', async () => {
    const etag = (await http.owner(at('drawing'))).headers.get('etag') ?? '';
    const again = await http.owner(at('drawing'), { headers: { 'if-none-match': etag } });
    expect(again.status).toBe(304);
  });

  it('open to nobody without a sign-in, and with a signed URL for what lies below it', async () => {
    expect((await fetch(at('drawing'))).status).toBe(404);
    const { signer, ledger } = http.node.archive;
    const terms = { audience: ledger.self.did, now: Date.now(), id: 'x', lifeS: 60 };
    const signed = signUrl('/api/v1/assets', signer, terms).split('?')[1];
    expect((await fetch(`${at('drawing')}?${signed}`)).status).toBe(200);
  });

  it('say why there is none', async () => {
    const answer = await http.owner(at('data'));
    expect(await answer.json()).toMatchObject({ code: 'preview_unavailable' });
  });

  it.skipIf(!hasMutool)(
    'show the pages of what is taken down to who reviews, and to nobody who only records (skipped without mutool)',
    async () => {
      const [archivist, reviewer] = [signerOf('archivist'), signerOf('reviewer')];
      await http.grant(archivist, 'archivist');
      await http.grant(reviewer, 'reviewer');
      const page = async (asks: typeof fetch) => (await asks(`${at('paper')}?page=1`)).status;
      expect(await page(http.as(archivist))).toBe(200);
      const subject = { assets: [assets.get('paper')] };
      const words = { kind: 'takedown', reason: 'court-order', authority: null };
      await http.perform('stop', { words, subject });
      expect(await page(http.as(archivist))).toBe(404);
      expect(await page(http.as(reviewer))).toBe(200);
    },
  );

  it('are not shown of an asset that was removed', async () => {
    const subject = { assets: [assets.get('drawing')] };
    await http.perform('remove', { subject, reason: 'asked' });
    expect((await http.owner(at('drawing'))).status).toBe(410);
  });
});
