import './governance-page.css';
import type { ReactNode } from 'react';
import { ForSignedIn } from '../parts/for-signed-in.tsx';
import { TEXT } from '../text/english.ts';
import { Members } from './members.tsx';
import { Policies } from './policies.tsx';
import { Proposals } from './proposals.tsx';
import { TrustLists } from './trust-lists.tsx';

const words = TEXT.governance;

/** Who may do what here, by which rules, and how both are changed. */
export function GovernancePage(): ReactNode {
  return (
    <ForSignedIn>
      <div className="page governance-page">
        <header>
          <h1>{words.title}</h1>
          <p className="lead">{words.lead}</p>
        </header>
        <Proposals />
        <Policies />
        <Members />
        <TrustLists />
      </div>
    </ForSignedIn>
  );
}
