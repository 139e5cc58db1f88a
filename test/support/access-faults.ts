import axe, { type AxeResults } from 'axe-core';
import type { Page } from 'playwright-core';

/** Returns what keeps people from using a page as it is now (WCAG 2.2 A and AA, and good practice), by axe. */
export async function accessFaults(page: Page): Promise<readonly string[]> {
  // Playwright runs it beside the page, whose policy lets no script in.
  const { violations } = (await page.evaluate(`${axe.source}; axe.run()`)) as AxeResults;
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}
