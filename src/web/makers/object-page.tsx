import './makers.css';
import { useMutation } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { OBJECTION_REASONS, type ObjectionReason } from '../../core/ports/objections.ts';
import { answered, api } from '../api/client.ts';
import { Choice } from '../parts/choice.tsx';
import { CopyText } from '../parts/copy-text.tsx';
import { optionsOf } from '../parts/options.ts';
import { TEXT } from '../text/english.ts';
import { dayText } from '../text/figures.ts';
import { MakerPage } from './maker-page.tsx';
import { Refused } from './refused.tsx';

const words = TEXT.makers.object;
const REASONS = optionsOf<ObjectionReason>(OBJECTION_REASONS);

/** Somebody objects to a work in their own words, and gets a receipt. */
export function ObjectPage(): ReactNode {
  const { cid = '' } = useParams({ strict: false });
  const [reason, setReason] = useState<ObjectionReason>('made-by-me');
  const [text, setText] = useState('');
  const sending = useMutation({
    mutationFn: async () => {
      const body = { asset: cid, reason, text };
      return answered(api.POST('/api/v1/objections', { body }));
    },
  });
  const told = sending.data;
  if (told?.state === 'pending') {
    return (
      <MakerPage title={words.done}>
        <div className="kept" role="status">
          <CopyText text={told.receipt} label={words.receipt} />
          <p>{words.keep}</p>
        </div>
        <p>{words.until(dayText(told.deadline))}</p>
      </MakerPage>
    );
  }
  return (
    <MakerPage title={words.title}>
      <p className="soft">{words.to}</p>
      <CopyText text={cid} label={words.to} />
      <p>{words.what}</p>
      <form
        className="maker-form"
        onSubmit={(event) => {
          event.preventDefault();
          sending.mutate();
        }}
      >
        <Choice label={words.reason} options={REASONS} value={reason} onChoose={setReason} />
        <label className="maker-field">
          {words.text}
          <textarea
            className="control"
            required
            rows={6}
            maxLength={4000}
            dir="auto"
            value={text}
            onChange={({ target }) => setText(target.value)}
          />
        </label>
        <button type="submit" className="control primary" disabled={sending.isPending}>
          {words.button}
        </button>
      </form>
      <Refused error={sending.error} />
    </MakerPage>
  );
}
