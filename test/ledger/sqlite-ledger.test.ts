import { describeLedger } from '../contracts/ledger.ts';
import { testHome } from '../support/test-home.ts';

describeLedger('SqliteLedger', async () => {
  const home = await testHome();
  let ledger = await home.open();
  return {
    ledger,
    reopen: async () => {
      await ledger[Symbol.asyncDispose]();
      ledger = await home.open();
      return ledger;
    },
    [Symbol.asyncDispose]: async () => {
      await ledger[Symbol.asyncDispose]();
      home[Symbol.dispose]();
    },
  };
});
