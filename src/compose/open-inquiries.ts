import type { Archive } from '../archive/archive.ts';
import { WorkInquiries } from '../archive/inquiries/work-inquiries.ts';
import { openInspectors } from '../evidence/open-inspectors.ts';
import type { OpenInquiries } from '../http/inquiries/inquiry-routes.ts';
import type { InquirySettings } from './settings/inquiry-settings.ts';

/** Files of strangers may take less than those that are taken in. */
const LIMITS = { timeMs: 5_000, heapMiB: 128 };

/**
 * Returns what is answered to people without an account, to be disposed; undefined where the operator has
 * not opened it. One thread of its own looks at their files, one after the other.
 */
export function openInquiries(
  { open, maxBytes, ...limits }: InquirySettings,
  archive: Pick<Archive, 'catalog' | 'ledger' | 'passingFiles'>,
): (OpenInquiries & AsyncDisposable) | undefined {
  if (!open) return undefined;
  const inspectors = openInspectors({ workers: 1, limits: LIMITS });
  return {
    works: new WorkInquiries(archive, { maxBytes, inspectors }),
    ...limits,
    [Symbol.asyncDispose]: () => inspectors[Symbol.asyncDispose](),
  };
}
