import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { TEXT } from '../text/english.ts';
import type { PolicyVersion } from './governance-queries.ts';
import { PolicyChange } from './policy-change.tsx';
import { ReasonField } from './reason-field.tsx';
import { SigningDialog } from './signing-dialog.tsx';

const words = TEXT.governance.draft;

type Policy = PolicyVersion['policy'];

/** A change of a policy that somebody thinks of: what it would do, and the way to propose it. */
export function PolicyDraft({ policy }: { readonly policy: Policy }): ReactNode {
  const id = useId();
  const [text, setText] = useState(() =>
    JSON.stringify({ ...policy, version: policy.version + 1 }, null, 2),
  );
  const [thought, setThought] = useState<Policy>();
  const [reason, setReason] = useState('');
  const [problem, setProblem] = useState('');
  const [isProposing, setProposing] = useState(false);
  const queries = useQueryClient();
  const { mutate, error, isPending } = useMutation({
    mutationFn: (document: Policy) =>
      answered(api.POST('/api/v1/operations/policy.propose', { body: { document, reason } })),
    onSuccess: async () => {
      setProposing(false);
      setThought(undefined);
      await queries.invalidateQueries();
    },
  });
  const compare = () => {
    try {
      setThought(JSON.parse(text));
      setProblem('');
    } catch (fault) {
      setThought(undefined);
      setProblem(words.noJson(fault instanceof Error ? fault.message : ''));
    }
  };
  return (
    <details className="policy-draft">
      <summary>{words.title}</summary>
      <p className="soft">{words.note}</p>
      <label htmlFor={id}>{words.document}</label>
      <textarea
        id={id}
        className="control"
        rows={16}
        spellCheck={false}
        value={text}
        onChange={({ target }) => setText(target.value)}
      />
      <p>
        <button type="button" className="control" onClick={compare}>
          {words.compare}
        </button>
      </p>
      {problem && <p role="alert">{problem}</p>}
      {thought && (
        <>
          <PolicyChange before={policy} after={thought} />
          <ReasonField
            label={words.reason}
            example="more-copies"
            reason={reason}
            onChange={setReason}
            confirm={words.propose}
            onConfirm={() => setProposing(true)}
          />
        </>
      )}
      {isProposing && thought && (
        <SigningDialog
          title={words.signTitle}
          consequences={[words.votes, words.recheck]}
          signed={['proposal', { topic: `policy:${policy.name}`, reason, document: thought }]}
          confirm={words.sign}
          isPending={isPending}
          error={error}
          onSign={() => mutate(thought)}
          onClose={() => setProposing(false)}
        />
      )}
    </details>
  );
}
