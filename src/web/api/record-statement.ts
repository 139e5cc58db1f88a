import type { operations } from '../../../.cache/web/described.d.ts';
import { answered, api } from './client.ts';
import { type Draft, readDraft, type SigningKey, signDraft } from './sign-statement.ts';

/** What the owner of a node can have drafted, to be signed with the key that is signed in. */
export type Words = operations['statement.draft']['requestBody']['content']['application/json'];

/** Has the node draft a statement of its owner. Nothing is recorded yet. */
export async function draftWords(words: Words, archive: string): Promise<Draft> {
  const { result } = await answered(
    api.POST('/api/v1/operations/statement.draft', { body: words }),
  );
  return readDraft(result.file, archive);
}

/** Signs a draft with the key that is signed in, and has the node record it; durable when it resolves. */
export async function record(draft: Draft, identity: SigningKey) {
  const body = { claim: await signDraft(draft, identity) };
  return (await answered(api.POST('/api/v1/operations/statement.import', { body }))).result;
}
