import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { answered, api } from '../api/client.ts';
import { saveText } from '../parts/save-text.ts';
import { Failure } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';

const words = TEXT.releases.report;

/** The public summary of training content of a model that was trained on the release, as files. */
export function SummaryDownload({
  release,
  called,
}: {
  readonly release: string;
  readonly called: string;
}): ReactNode {
  const { mutate, error, isPending } = useMutation({
    mutationFn: async () => {
      const body = { releases: [{ release }] };
      const { result } = await answered(api.POST('/api/v1/operations/report.ai-act', { body }));
      saveText(`${called}-training-content.md`, result.markdown, 'text/markdown');
    },
  });
  return (
    <section className="block">
      <h2>{words.title}</h2>
      <p className="soft">{words.more}</p>
      <p>
        <button type="button" className="control" disabled={isPending} onClick={() => mutate()}>
          {isPending ? TEXT.states.loading : words.download}
        </button>
      </p>
      {error && <Failure error={error} />}
    </section>
  );
}
