import './releases.css';
import { getRouteApi, Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { ForSignedIn } from '../parts/for-signed-in.tsx';
import { TEXT } from '../text/english.ts';
import { CutForm } from './cut-form.tsx';
import { Plan } from './plan.tsx';
import { type Selection, selectionIn } from './selection.ts';
import { SelectionForm } from './selection-form.tsx';

const words = TEXT.releases;
const route = getRouteApi('/releases/new');

/** A release in the making: what it is to hold on one side, what that gives on the other. */
export function NewReleasePage(): ReactNode {
  return (
    <ForSignedIn>
      <Making />
    </ForSignedIn>
  );
}

function Making(): ReactNode {
  const selection = route.useSearch();
  const navigate = route.useNavigate();
  const change = (next: Selection) =>
    void navigate({
      search: (before) => selectionIn({ ...before, ...next }),
      ...{ replace: true, resetScroll: false },
    });
  return (
    <div className="page releases-page">
      <p>
        <Link to="/releases">← {words.title}</Link>
      </p>
      <h1>{words.newTitle}</h1>
      <div className="making">
        <SelectionForm selection={selection} onChange={change} />
        <div className="making-outcome">
          <Plan selection={selection} />
          <CutForm selection={selection} />
        </div>
      </div>
    </div>
  );
}
