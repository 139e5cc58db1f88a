import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useId, useState } from 'react';
import type { operations } from '../../../.cache/web/described.d.ts';
import { answered, api } from '../api/client.ts';
import { Choice } from '../parts/choice.tsx';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import { ReasonField } from './reason-field.tsx';
import { SigningDialog } from './signing-dialog.tsx';

const words = TEXT.governance.trustImport;
const PURPOSES = (['signers', 'timestampers'] as const).map((value) => ({
  value,
  label: words.purposes[value],
}));

type Imported =
  operations['trust.import']['responses'][200]['content']['application/json']['result'];
type Purpose = (typeof PURPOSES)[number]['value'];

/** Proposes a trust list for credentials out of files, once what it adds and removes was read. */
export function TrustImport(): ReactNode {
  const id = useId();
  const [purpose, setPurpose] = useState<Purpose>('signers');
  const [reason, setReason] = useState('');
  const [files, setFiles] = useState<readonly File[]>([]);
  const [isSigning, setSigning] = useState(false);
  const queries = useQueryClient();
  const ask = async (isTrial: boolean): Promise<Imported> => {
    const read = files.map(async (file) => ({ name: file.name, text: await file.text() }));
    const body = { files: await Promise.all(read), purpose, isTrial };
    const why = reason === '' ? 'change' : reason;
    return (
      await answered(
        api.POST('/api/v1/operations/trust.import', { body: { ...body, reason: why } }),
      )
    ).result;
  };
  const trial = useMutation({ mutationFn: () => ask(true) });
  const proposing = useMutation({
    mutationFn: () => ask(false),
    onSuccess: async () => {
      setSigning(false);
      trial.reset();
      await queries.invalidateQueries();
    },
  });
  const changes = trial.data?.changes;
  return (
    <details className="trust-import">
      <summary>{words.title}</summary>
      <p className="soft">{words.note}</p>
      <label htmlFor={id}>{words.files}</label>
      <input
        id={id}
        type="file"
        multiple
        accept=".json,.pem,.crt,.cer,.txt,.cfg"
        onChange={({ target }) => {
          setFiles([...(target.files ?? [])]);
          trial.reset();
        }}
      />
      <Choice
        label={words.purpose}
        options={PURPOSES}
        value={purpose}
        onChoose={(next) => {
          setPurpose(next);
          trial.reset();
        }}
      />
      <p>
        <button
          type="button"
          className="control"
          disabled={files.length === 0 || trial.isPending}
          onClick={() => trial.mutate()}
        >
          {trial.isPending ? TEXT.states.loading : words.compare}
        </button>
      </p>
      {trial.error && <Failure error={trial.error} />}
      <div role="status">{changes?.length === 0 && <p>{words.same}</p>}</div>
      {changes !== undefined && changes.length > 0 && (
        <>
          <Changes changes={changes} />
          <ReasonField
            label={words.reason}
            example="new-signers"
            reason={reason}
            onChange={setReason}
            confirm={words.propose}
            onConfirm={() => setSigning(true)}
          />
        </>
      )}
      {isSigning && changes && (
        <SigningDialog
          title={words.signTitle}
          consequences={[words.votes, words.reinspect]}
          signed={['proposal', { topic: 'trust:credentials', reason, changes }]}
          confirm={words.sign}
          isPending={proposing.isPending}
          error={proposing.error}
          onSign={() => proposing.mutate()}
          onClose={() => setSigning(false)}
        />
      )}
    </details>
  );
}

function Changes({ changes }: { readonly changes: Imported['changes'] }): ReactNode {
  return changes.map(({ part, added, removed }) => (
    <div key={part} className="policy-change">
      <p>
        <strong>{words.parts[part]}</strong>{' '}
        {words.counts(countText(added.length), countText(removed.length))}
      </p>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls is scrolled by keys too */}
      <section className="trust-changes" aria-label={words.parts[part]} tabIndex={0}>
        <ul className="policy-differences">
          {removed.map((name) => (
            <li key={`- ${name}`} className="policy-less" dir="auto">
              {words.removed} {name}
            </li>
          ))}
          {added.map((name) => (
            <li key={`+ ${name}`} className="policy-more" dir="auto">
              {words.added} {name}
            </li>
          ))}
        </ul>
      </section>
    </div>
  ));
}
