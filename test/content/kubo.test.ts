import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, it } from 'vitest';
import { hasProgram } from '../support/has-program.ts';

const program = process.env['RINGFENCE_IPFS'] ?? 'ipfs';
const hasKubo = hasProgram(program, 'version', /ipfs version/);
const skipped = hasKubo
  ? ''
  : ' (skipped: no ipfs on the path; scripts/interop/kubo-cids.ts builds one where Go is installed)';

it.skipIf(!hasKubo)(`agrees with Kubo on CIDs, packs and directories${skipped}`, async () => {
  const script = new URL('../../scripts/interop/kubo-cids.ts', import.meta.url).pathname;
  const env = { ...process.env, RINGFENCE_IPFS: program };
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--small'], { env });
  expect(stdout).toContain('everything agrees');
});
