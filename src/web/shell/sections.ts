import { TEXT } from '../text/english.ts';

const words = TEXT.nav;

/** The main pages, in the order in which they stand at the top of each. */
export const SECTIONS = [
  { to: '/', label: words.collection },
  { to: '/makers', label: words.makers },
  { to: '/deposit', label: words.deposit },
  { to: '/review', label: words.review },
  { to: '/releases', label: words.releases },
  { to: '/partners', label: words.partners },
  { to: '/governance', label: words.governance },
  { to: '/audit', label: words.audit },
] as const;
