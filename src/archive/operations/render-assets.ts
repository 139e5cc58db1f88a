import { z } from 'zod';
import { toBase64 } from '../../core/base64.ts';
import { knownAsset } from '../known-assets.ts';
import { preview } from '../preview.ts';
import { createOperation } from './operation.ts';

/** Gives what an asset is at a glance, its bytes in Base64. */
export const previewAsset = createOperation({
  name: 'preview',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: z.string() }),
  async run(archive, { asset }, { signal }) {
    const cid = knownAsset(asset, archive.catalog);
    const { mediaType, bytes } = await preview(cid, archive, signal);
    return { cid, mediaType, bytes: toBase64(bytes) };
  },
});
