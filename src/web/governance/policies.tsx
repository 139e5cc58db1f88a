import { useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Choice } from '../parts/choice.tsx';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { type PolicyVersion, policies, versionsOf } from './governance-queries.ts';
import { PolicyChange } from './policy-change.tsx';
import { PolicyDraft } from './policy-draft.tsx';

const words = TEXT.governance.policies;

/** The policies by which verdicts are made, version by version, and a change that is only thought of. */
export function Policies(): ReactNode {
  const { data, error, refetch } = useQuery(policies);
  const [chosen, choose] = useState<string>();
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const names = data.map(({ policy }) => policy.name);
  const name = chosen ?? (names.includes('corroborated') ? 'corroborated' : names[0]);
  const inForce = data.find(({ policy }) => policy.name === name);
  if (name === undefined || inForce === undefined) return null;
  return (
    <section aria-labelledby="policies">
      <h2 id="policies">{words.title}</h2>
      <Choice
        label={words.policy}
        options={names.map((value) => ({ value, label: value }))}
        value={name}
        onChoose={choose}
      />
      <Versions key={name} name={name} />
      <PolicyDraft key={inForce.cid} policy={inForce.policy} />
    </section>
  );
}

/** Any two versions, compared. */
function Versions({ name }: { readonly name: string }): ReactNode {
  const { data, error, refetch } = useQuery(versionsOf(name));
  const [before, setBefore] = useState<string>();
  const [after, setAfter] = useState<string>();
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  const inForce = data.find(({ isInForce }) => isInForce);
  const older = data.find((one) => one.cid === before) ?? inForce;
  const newer = data.find((one) => one.cid === after) ?? data[0];
  if (older === undefined || newer === undefined) return null;
  if (data.length === 1) return <p className="soft">{words.only(nameOf(newer))}</p>;
  const options = data.map((one) => ({ value: one.cid, label: nameOf(one) }));
  return (
    <div className="policy-versions">
      <div className="policy-choices">
        <Choice label={words.before} options={options} value={older.cid} onChoose={setBefore} />
        <Choice label={words.after} options={options} value={newer.cid} onChoose={setAfter} />
      </div>
      <PolicyChange before={older.policy} after={newer.policy} />
    </div>
  );
}

function nameOf({ policy, status, isInForce }: PolicyVersion): string {
  const state = isInForce ? words.inForce : words.statuses[status];
  return words.version(String(policy.version), state);
}
