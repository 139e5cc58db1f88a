import { type ReactNode, useState } from 'react';
import { Choice } from '../parts/choice.tsx';
import { optionsOf } from '../parts/options.ts';
import { toolsIn } from '../parts/tool-code.ts';
import { TEXT } from '../text/english.ts';
import type { Claim } from './maker-draft.ts';

const words = TEXT.makers.sign;
type How = keyof typeof words.hows;
type Generative = keyof typeof words.generatives;

/** How a work was made, in words of one's own choice out of a list. */
export function DeclarationForm({
  isBusy,
  onSay,
}: {
  readonly isBusy: boolean;
  readonly onSay: (claim: Claim) => void;
}): ReactNode {
  const [how, setHow] = useState<How>('digitalCreation');
  const [generative, setGenerative] = useState<Generative>('none');
  const [tools, setTools] = useState('');
  const named = [...toolsIn(tools)];
  return (
    <form
      className="maker-form"
      onSubmit={(event) => {
        event.preventDefault();
        onSay({ kind: 'declaration', sourceType: how, generative, tools: named });
      }}
    >
      <Choice
        label={words.how}
        options={optionsOf<How>(words.hows)}
        value={how}
        onChoose={setHow}
      />
      <label className="maker-field">
        {words.tools}
        <input
          className="control"
          required
          maxLength={400}
          value={tools}
          onChange={({ target }) => setTools(target.value)}
        />
        <small>{words.toolsHint}</small>
      </label>
      <Choice
        label={words.generative}
        options={optionsOf<Generative>(words.generatives)}
        value={generative}
        onChoose={setGenerative}
      />
      <button type="submit" className="control primary" disabled={isBusy || named.length === 0}>
        {words.read}
      </button>
    </form>
  );
}
