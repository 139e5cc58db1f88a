import { useMutation } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId } from 'react';
import { answered, api, Refusal } from '../api/client.ts';
import { CopyText } from '../parts/copy-text.tsx';
import { saveText } from '../parts/save-text.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { countText, timeText } from '../text/figures.ts';
import { Alarm } from './alarm.tsx';
import { type CheckedProof, checkProofFile, checkProofText } from './check-proof-file.ts';
import { Check, Checks } from './checks.tsx';
import { kindText } from './kind-text.ts';
import { ProofDrop } from './proof-drop.tsx';

const words = TEXT.audit.proofs;

/** Proofs about one work: made by the node or brought as a file, and checked here either way. */
export function AssetProofs({ node }: { readonly node: string }): ReactNode {
  const asset = useId();
  const { mutate, data, error, isPending } = useMutation<CheckedProof, Error, string | File>({
    mutationFn: async (given) =>
      typeof given === 'string'
        ? checkProofText(await proofOf(given), node)
        : checkProofFile(given, node),
  });
  const ask = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    mutate(String(new FormData(event.currentTarget).get('asset')).trim());
  };
  return (
    <section aria-labelledby="asset-proofs">
      <h2 id="asset-proofs">{words.title}</h2>
      <p className="check-text">{words.lead}</p>
      <div className="audit-asks">
        <form onSubmit={ask} className="audit-ask">
          <label htmlFor={asset}>{words.asset}</label>
          <input id={asset} name="asset" className="control" required placeholder="bafkrei…" />
          <button type="submit" className="control">
            {words.prove}
          </button>
        </form>
        <ProofDrop onFile={mutate} />
      </div>
      {isPending && <Loading />}
      {error && <Problem error={error} />}
      {data && !isPending && <Proof checked={data} />}
    </section>
  );
}

async function proofOf(asset: string): Promise<string> {
  return (await answered(api.POST('/api/v1/operations/proof', { body: { asset } }))).result.text;
}

function Problem({ error }: { readonly error: Error }): ReactNode {
  const isAnswer = error instanceof Refusal || error instanceof TypeError;
  if (isAnswer) return <Failure error={error} />;
  return <Alarm title={words.broken} text={error.message} />;
}

function Proof({ checked: { text, check } }: { readonly checked: CheckedProof }): ReactNode {
  const { log, confirmedBy, statements, asset, name } = check;
  return (
    <div className="proof">
      <Checks>
        <Check holds title={words.holds} names={[[words.archive, check.address]]}>
          {words.holdsBy(name, countText(log.size))}
        </Check>
        {confirmedBy.map(({ did, time }) => (
          <Check
            key={did}
            holds
            title={words.confirmed(timeText(new Date(time * 1000).toISOString()))}
            names={[[TEXT.audit.checks.key, did]]}
          >
            {TEXT.audit.checks.confirmedBy}
          </Check>
        ))}
      </Checks>
      <CopyText text={asset} label={words.asset} />
      <ol className="proof-statements">
        {statements.map(({ id, kind, at, by, isCarried }) => (
          <li key={id}>
            <strong>{kindText(kind)}</strong> <time dateTime={at}>{timeText(at)}</time>
            <br />
            <code>{by}</code> {isCarried && words.carried}
          </li>
        ))}
      </ol>
      <button
        type="button"
        className="control"
        onClick={() => saveText(`${asset}.tlog-proof`, text)}
      >
        {words.save}
      </button>
    </div>
  );
}
