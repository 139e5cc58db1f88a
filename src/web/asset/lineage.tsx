import './lineage.css';
import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { type LineageView, lineageOf } from '../api/asset-queries.ts';
import { Failure, Loading } from '../parts/states.tsx';
import { TEXT } from '../text/english.ts';
import { type Branch, branchesOf } from './branches.ts';

const words = TEXT.asset.lineage;

type Relative = LineageView['relatives'][number];

/** What a work was made from and what was made from it, and the way by which generated work came into it. */
export function Lineage({ cid }: { readonly cid: string }): ReactNode {
  const { data, error, refetch } = useQuery(lineageOf(cid));
  if (error && data === undefined) return <Failure error={error} retry={() => void refetch()} />;
  if (data === undefined) return <Loading />;
  if (data.descents.length === 0) return <p className="asked">{words.none}</p>;
  const own = data.relatives.find((one) => one.cid === data.asset);
  return (
    <>
      {own && (
        <p>
          {words.own} <Taint of={own} />
        </p>
      )}
      <Tree title={words.from} lineage={data} towards="parent" />
      <Tree title={words.to} lineage={data} towards="child" />
      {data.isCut && <p className="asked">{words.cut}</p>}
    </>
  );
}

function Tree({
  title,
  lineage,
  towards,
}: {
  readonly title: string;
  readonly lineage: LineageView;
  readonly towards: 'parent' | 'child';
}): ReactNode {
  const branches = branchesOf(lineage, towards);
  if (branches.length === 0) return null;
  return (
    <div className="lineage">
      <h3>{title}</h3>
      <Branches
        branches={branches}
        relatives={new Map(lineage.relatives.map((one) => [one.cid, one]))}
        way={new Set(towards === 'parent' ? lineage.path : [])}
        towards={towards}
      />
    </div>
  );
}

interface Growing {
  readonly branches: readonly Branch[];
  readonly relatives: ReadonlyMap<string, Relative>;
  /** Assets on the way by which the taint came. */
  readonly way: ReadonlySet<string>;
  readonly towards: 'parent' | 'child';
}

function Branches({ branches, ...rest }: Growing): ReactNode {
  return (
    <ul>
      {branches.map((branch) => {
        const relative = rest.relatives.get(branch.cid);
        const isOnWay = rest.way.has(branch.cid);
        return (
          <li key={branch.cid} className={isOnWay ? 'on-way' : undefined}>
            <p className="relation">
              {branch.how
                .map(({ relation, recipe }) =>
                  recipe === null ? words[rest.towards][relation] : words.recipe(recipe),
                )
                .join(', ')}
            </p>
            <p className="relative">
              {relative?.status ? (
                <Link to="/assets/$cid" params={{ cid: branch.cid }}>
                  <bdi>{relative.title || TEXT.collection.noTitle}</bdi>
                </Link>
              ) : (
                <code className="long">{branch.cid}</code>
              )}{' '}
              {relative && <Taint of={relative} />}
              {isOnWay && <span className="tag">{words.way}</span>}
              {branch.isAgain && <span className="tag">{words.again}</span>}
            </p>
            {branch.below.length > 0 && <Branches {...rest} branches={branch.below} />}
          </li>
        );
      })}
    </ul>
  );
}

function Taint({ of }: { readonly of: Relative }): ReactNode {
  return <span className={`taint taint-${of.taint.toLowerCase()}`}>{words.taints[of.taint]}</span>;
}
