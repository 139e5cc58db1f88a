/**
 * The policy of the pages forbids code that is made of text. Zod tries that when a schema is made, unless it
 * is told not to before it is loaded, so this is loaded before everything else.
 */
Object.assign(globalThis, { __zod_globalConfig: { jitless: true } });
