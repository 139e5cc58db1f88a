import { readFileSync } from 'node:fs';
import { Command } from 'commander';
import { z } from 'zod';
import { EXIT, EXIT_TEXTS } from './exit-codes.ts';
import type { Bind } from './session.ts';
import { addBackup, addRestore } from './verbs/backup.ts';
import { addBrowser } from './verbs/browser.ts';
import { addCar } from './verbs/car.ts';
import { addCheckpoint, addDoctor, addProof, addReindex, addVerify } from './verbs/care.ts';
import { addCatalogue } from './verbs/catalogue.ts';
import { addCertificate } from './verbs/certificate.ts';
import { addCheck } from './verbs/check.ts';
import { addClaim } from './verbs/claim.ts';
import { addCollection } from './verbs/collection.ts';
import { addConfig } from './verbs/config.ts';
import { addConsent } from './verbs/consent.ts';
import { addFixity, addReplicate } from './verbs/copies.ts';
import { addErase } from './verbs/erase.ts';
import { addEvidence } from './verbs/evidence.ts';
import { addExplain } from './verbs/explain.ts';
import { addFacets } from './verbs/facets.ts';
import { addFind } from './verbs/find.ts';
import { addHistory } from './verbs/history.ts';
import { addIngest } from './verbs/ingest.ts';
import { addInit } from './verbs/init.ts';
import { addKey } from './verbs/key.ts';
import { addAlike, addLineage } from './verbs/lineage.ts';
import { addList, addSearch } from './verbs/list.ts';
import { addLog } from './verbs/log.ts';
import { addMaker } from './verbs/maker.ts';
import { addMember } from './verbs/member.ts';
import { addModel, addTrace } from './verbs/model.ts';
import { addObjection } from './verbs/objection.ts';
import { addInvite, addJoin, addLeave, addPeers } from './verbs/peers.ts';
import { addPolicy, addWhatIf } from './verbs/policy.ts';
import { addPreview } from './verbs/preview.ts';
import { addProposal } from './verbs/proposal.ts';
import { addPull } from './verbs/pull.ts';
import { addReinspect } from './verbs/reinspect.ts';
import { addRelease } from './verbs/release.ts';
import { addRemove } from './verbs/remove.ts';
import { addRendition } from './verbs/rendition.ts';
import { addReport } from './verbs/report.ts';
import { addAttest, addReview } from './verbs/review.ts';
import { addServe } from './verbs/serve.ts';
import { addShow } from './verbs/show.ts';
import { addSignUrl } from './verbs/sign-url.ts';
import { addStatement } from './verbs/statement.ts';
import { addDeclare, addDerive } from './verbs/statements.ts';
import { addStatus } from './verbs/status.ts';
import {
  addDispute,
  addFlag,
  addHold,
  addQuarantine,
  addResolve,
  addTakedown,
} from './verbs/stops.ts';
import { addSync } from './verbs/sync.ts';
import { addSynthetic } from './verbs/synthetic.ts';
import { addToken } from './verbs/token.ts';
import { addTrust } from './verbs/trust.ts';
import { addWebhooks } from './verbs/webhook.ts';

/** Returns the command line with every verb; `bind` says what happens when one is called. */
export function createProgram(bind: Bind): Command {
  const program = new Command('ringfence')
    .description('A decentralised archive of human-made work, with a verdict for every use.')
    .option('--home <dir>', 'home of the archive (default: RINGFENCE_HOME, else ./.ringfence)')
    .option('--json', 'one JSON document on stdout, or one a line where there are many')
    .version(version(), '--version', 'print the version')
    .configureHelp({ showGlobalOptions: true })
    .addHelpText(
      'after',
      '\nExample:\n  ringfence init --name "Print Room" --institution "City Museum"\n' +
        '  ringfence ingest scans/ --catalog scans/catalog.csv --custody\n' +
        '  ringfence status',
    )
    .addHelpText('afterAll', statuses());
  for (const add of [
    addInit,
    addIngest,
    addCatalogue,
    addList,
    addFacets,
    addSearch,
    addFind,
    addStatus,
    addShow,
    addHistory,
    addLineage,
    addAlike,
    addPreview,
    addRendition,
    addExplain,
    addDeclare,
    addConsent,
    addClaim,
    addCertificate,
    addMaker,
    addDerive,
    addErase,
    addRemove,
    addEvidence,
    addReview,
    addAttest,
    addStatement,
    addDispute,
    addHold,
    addResolve,
    addObjection,
    addFlag,
    addQuarantine,
    addTakedown,
    addSynthetic,
    addPolicy,
    addWhatIf,
    addTrust,
    addProposal,
    addMember,
    addKey,
    addCollection,
    addRelease,
    addReport,
    addPull,
    addCheck,
    addModel,
    addTrace,
    addCheckpoint,
    addProof,
    addLog,
    addServe,
    addToken,
    addSignUrl,
    addBrowser,
    addCar,
    addInvite,
    addJoin,
    addPeers,
    addLeave,
    addWebhooks,
    addVerify,
    addReindex,
    addReinspect,
    addDoctor,
    addConfig,
    addSync,
    addFixity,
    addReplicate,
    addBackup,
    addRestore,
  ]) {
    add(program, bind);
  }
  return program;
}

function statuses(): string {
  const lines = Object.entries(EXIT_TEXTS).map(([name, text]) => {
    // EXIT and EXIT_TEXTS have the same keys by their types.
    const status = EXIT[name as keyof typeof EXIT];
    return `  ${String(status).padStart(3)}  ${text}`;
  });
  return `\nExit statuses:\n${lines.join('\n')}`;
}

function version(): string {
  const path = new URL('../../package.json', import.meta.url);
  return z.object({ version: z.string() }).parse(JSON.parse(readFileSync(path, 'utf8'))).version;
}
