import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

/** Runs one benchmark by its name, or lists them. */
const folder = fileURLToPath(new URL('.', import.meta.url));
const files = (await readdir(folder)).filter((name) => name.endsWith('.ts') && name !== 'run.ts');
const names = files.map((name) => name.slice(0, -'.ts'.length)).sort();
const [wanted] = process.argv.slice(2);
if (wanted === undefined || !names.includes(wanted)) {
  console.error(`usage: npm run bench -- NAME, with one of: ${names.join(', ')}`);
  process.exitCode = 2;
} else {
  // The benchmark reads the options that follow its name.
  process.argv.splice(2, 1);
  await import(pathToFileURL(join(folder, `${wanted}.ts`)).href);
}
