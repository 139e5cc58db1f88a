import { z } from 'zod';
import { assetCid } from '../../core/statements/fields.ts';
import { proveAsset } from '../prove-asset.ts';
import { createOperation } from './operation.ts';

/** Makes a proof of what this home's log says of an asset. */
export const proveOneAsset = createOperation({
  name: 'proof',
  opens: 'archive',
  changes: false,
  input: z.strictObject({ asset: assetCid }),
  run: async (archive, { asset }, { signal }) => proveAsset(archive, asset, signal),
});
