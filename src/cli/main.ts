#!/usr/bin/env -S node --max-semi-space-size=16 --heap-growing-percent=50
import { enableCompileCache } from 'node:module';
import { fileURLToPath } from 'node:url';

// Types are stripped and code is compiled once, not at every start: that halves the time to the first
// answer. The cache lies beside the packages, where nobody else can put code into it.
const cache = fileURLToPath(new URL('../../node_modules/.cache/ringfence', import.meta.url));
enableCompileCache(cache);
// Worker threads look for it here.
process.env['NODE_COMPILE_CACHE'] ??= cache;

const { run } = await import('./run.ts');
process.exitCode = await run(process.argv.slice(2));
