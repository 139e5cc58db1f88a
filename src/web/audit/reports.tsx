import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useId, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { Choice } from '../parts/choice.tsx';
import { saveText } from '../parts/save-text.ts';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { timeText } from '../text/figures.ts';

const words = TEXT.audit.reports;

/** Reports for others, as files. */
export function Reports(): ReactNode {
  return (
    <section aria-labelledby="reports">
      <h2 id="reports">{words.title}</h2>
      <div className="audit-asks">
        <TrainingSummary />
        <Provenance />
      </div>
    </section>
  );
}

/** The public summary of training content of a release. */
function TrainingSummary(): ReactNode {
  const { data } = useQuery({
    queryKey: ['releases'],
    queryFn: async ({ signal }) =>
      (await answered(api.POST('/api/v1/operations/release.list', { body: {}, signal }))).result,
    meta: { toldBy: ['statements'] },
  });
  const [chosen, choose] = useState<string>();
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (release: string) => {
      const body = { releases: [{ release }] };
      const { result } = await answered(api.POST('/api/v1/operations/report.ai-act', { body }));
      saveText('training-content.md', result.markdown, 'text/markdown');
      saveText('training-content.json', `${JSON.stringify(result.summary, null, 2)}\n`);
    },
  });
  if (data === undefined) return null;
  const options = data.map(({ release, purpose, at }) => {
    return { value: release, label: `${timeText(at)}, ${TEXT.collection.purposes[purpose]}` };
  });
  const release = chosen ?? options[0]?.value;
  return (
    <div className="audit-ask">
      <p>{words.summary}</p>
      {release === undefined ? (
        <p className="check-text">{words.noRelease}</p>
      ) : (
        <>
          <Choice label={words.release} options={options} value={release} onChoose={choose} />
          <button
            type="button"
            className="control"
            disabled={isPending}
            onClick={() => mutate(release)}
          >
            {isPending ? TEXT.states.loading : words.download}
          </button>
        </>
      )}
      {error && <Failure error={error} />}
    </div>
  );
}

/** Where one work came from and went, as W3C PROV. */
function Provenance(): ReactNode {
  const [id, named] = [useId(), useId()];
  const { mutate, error, isPending } = useMutation({
    mutationFn: async (asked: { readonly asset: string; readonly names: boolean }) => {
      const told = api.POST('/api/v1/operations/report.provenance', { body: asked });
      const { result } = await answered(told);
      saveText(`${asked.asset}.prov.json`, `${JSON.stringify(result, null, 2)}\n`);
    },
  });
  const ask = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    mutate({ asset: String(form.get('asset')).trim(), names: form.get('names') !== null });
  };
  return (
    <form onSubmit={ask} className="audit-ask">
      <p>{words.provenance}</p>
      <label htmlFor={id}>{words.asset}</label>
      <input id={id} name="asset" className="control" required placeholder="bafkrei…" />
      <p>
        <input id={named} name="names" type="checkbox" />{' '}
        <label htmlFor={named}>{words.names}</label>
      </p>
      <button type="submit" className="control" disabled={isPending}>
        {isPending ? TEXT.states.loading : words.download}
      </button>
      {error && <Failure error={error} />}
    </form>
  );
}
