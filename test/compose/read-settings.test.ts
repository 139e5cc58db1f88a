import { mkdirSync } from 'node:fs';
import { chmod } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { documents, runCommand } from '../support/command.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

/** Who may read nothing of a folder of root's. */
const NOBODY = 65_534;

describe('the settings of a home', () => {
  it.skipIf(process.getuid?.() !== 0)(
    'that this user may not read are no damage (skipped where the tests do not run as root)',
    async () => {
      using folder = temporaryFolder();
      await chmod(folder.path, 0o755);
      const home = join(folder.path, 'home');
      mkdirSync(home, { mode: 0o700 });
      const ran = await runCommand(['--home', home, '--json', 'status'], {
        uid: NOBODY,
        cwd: folder.path,
      });
      expect(documents(ran)).toMatchObject([
        { error: { code: 'file_unreadable', message: expect.stringContaining('belongs to') } },
      ]);
      expect(ran.status).toBe(2);
    },
  );
});
