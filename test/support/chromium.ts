import { type Browser, chromium } from 'playwright-core';
import { hasProgram } from './has-program.ts';

/** Debian's name of it. */
const PROGRAM = 'chromium';

export const hasChromium = hasProgram(PROGRAM, '--version', /Chromium/);

/** Starts a browser without a window, with a profile of its own. */
export function startChromium(): Promise<Browser> {
  // Its sandbox takes more rights than a container has.
  return chromium.launch({ executablePath: `/usr/bin/${PROGRAM}`, args: ['--no-sandbox'] });
}
