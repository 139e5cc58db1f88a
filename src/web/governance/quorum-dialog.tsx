import { useMutation, useQueryClient } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { answered, api } from '../api/client.ts';
import { Choice } from '../parts/choice.tsx';
import { TEXT } from '../text/english.ts';
import { countText } from '../text/figures.ts';
import type { Governed } from './governance-queries.ts';
import { SigningDialog } from './signing-dialog.tsx';

const words = TEXT.governance.quorum;

/** Proposes how many of three stewards or more must approve, once whoever asks has seen what that does. */
export function QuorumDialog({
  governed: { needed, quorum, stewards },
  onClose,
}: {
  readonly governed: Governed;
  readonly onClose: () => void;
}): ReactNode {
  const half = Math.floor(stewards.length / 2) + 1;
  // What is not more than half asks for more than half, whatever its number.
  const before = quorum > half ? quorum : 1;
  const counts = [1, ...Array.from({ length: stewards.length - half }, (_, i) => half + 1 + i)];
  const choices = counts.filter((count) => count !== before);
  const [chosen, choose] = useState(String(choices[0] ?? ''));
  const queries = useQueryClient();
  const body = { quorum: Number(chosen), reason: 'quorum' };
  const { mutate, error, isPending } = useMutation({
    mutationFn: () => answered(api.POST('/api/v1/operations/quorum.propose', { body })),
    onSuccess: async () => {
      await queries.invalidateQueries();
      onClose();
    },
  });
  const label = (count: number) =>
    count === 1 ? words.half(countText(half)) : words.atLeast(countText(count));
  return (
    <SigningDialog
      title={words.title}
      consequences={[
        words.votes(countText(needed)),
        ...(Number(chosen) === stewards.length ? [words.all] : []),
        words.stewards,
      ]}
      signed={['proposal', { topic: 'stewards', ...body }]}
      confirm={words.propose}
      isPending={isPending}
      error={error}
      onSign={() => mutate()}
      onClose={onClose}
    >
      <p>{words.now(label(before))}</p>
      <Choice
        label={words.choice}
        options={choices.map((count) => ({ value: String(count), label: label(count) }))}
        value={chosen}
        onChoose={choose}
      />
    </SigningDialog>
  );
}
