import type { z } from 'zod';
import { draftOneClaim, importOneClaim } from '../archive/operations/make-claims.ts';
import { type PassphraseOptions, passphraseOf } from './passphrase.ts';
import { type Context, perform } from './session.ts';

type Draft = z.output<typeof draftOneClaim.input>;

export interface KeyOptions extends PassphraseOptions {
  readonly key?: string;
  readonly identity?: NonNullable<Draft['identity']>;
  readonly checked?: boolean;
}

/**
 * Has the archive draft a claim, signs it here with a maker's key file, and has it carried. The key never
 * leaves this process.
 */
export async function signAndImport(
  context: Context,
  request: Omit<Draft, 'key' | 'identity'>,
  options: KeyOptions & { readonly key: string },
) {
  const { openMakerKey, signClaimText } = await import('../compose/keys/maker-key.ts');
  const signer = await openMakerKey(
    options.key,
    await passphraseOf(options, 'the maker’s key is sealed'),
  );
  const { identity, checked = false } = options;
  const draft = await perform(context, draftOneClaim, {
    ...request,
    key: signer.did,
    ...(identity === undefined ? {} : { identity }),
  });
  for (const line of draft.shown.split('\n')) context.output.line(`  ${line}`);
  const { claim } = signClaimText(JSON.stringify(draft.file), signer);
  const imported = await perform(context, importOneClaim, {
    claim: JSON.stringify(claim),
    checked,
  });
  return { ...imported, shown: draft.shown, withdrawalCode: draft.withdrawalCode };
}
