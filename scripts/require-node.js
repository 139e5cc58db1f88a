// Plain JavaScript on purpose: it must run on the old Node that it warns about.
const [major] = process.versions.node.split('.').map(Number);
if (major < 24) {
  console.error(
    `Ringfence needs Node 24 or newer, this is ${process.version}. On Linux (x64, arm64) and Windows (x64) "npm ci" brings it: ` +
      'run the command through "npm run" or "npx" in a folder where "npm ci" has succeeded. Elsewhere install Node 24 from your system.',
  );
  process.exit(1);
}
