import { answerOneObjection, listObjections } from './answer-objections.ts';
import { exportFeedFile, importFeedFile } from './carry-feeds.ts';
import { countAssets } from './count-assets.ts';
import { countFacets } from './count-facets.ts';
import {
  deleteErasedRecords,
  eraseOnePerson,
  listAllErasures,
  planOneErasure,
} from './erase-records.ts';
import { explainAsset, proveAssetVerdict } from './explain-asset.ts';
import { findWork } from './find-work.ts';
import {
  adoptVoid,
  enactProposals,
  grantRole,
  listMembers,
  listProposals,
  proposePolicy,
  proposeQuorum,
  revokeRoles,
  rotateMember,
  showProposal,
  voteOnProposal,
} from './govern.ts';
import {
  attestTable,
  listAttestations,
  listReviews,
  listStopped,
  nextReviews,
  resolveStops,
  reviewAsset,
  screenEverything,
  stopUses,
} from './judge-things.ts';
import { certifyAssets, revokeOneCertificate } from './keep-certificates.ts';
import { addWorks, listCollections, setReaders } from './keep-collections.ts';
import { checkStoredBytes, replicateNow, showCopyHistory, showReplicas } from './keep-copies.ts';
import { listAssets } from './list-assets.ts';
import { listAlike, showLineage } from './look-around.ts';
import {
  draftOneClaim,
  importOneClaim,
  listAllConsents,
  recordPaperConsent,
  vouchForMaker,
  withdrawConsent,
} from './make-claims.ts';
import {
  cutDataset,
  exportDataset,
  listHolders,
  listReleaseMembers,
  listReleases,
  planDataset,
  showImpact,
  showRelease,
  verifyDataset,
} from './make-releases.ts';
import { scanRegistry, showMatches } from './match-synthetic.ts';
import {
  addPeer,
  invitePeer,
  leaveArchive,
  listInvitations,
  listPeers,
  removePeer,
} from './meet-peers.ts';
import { backUpHome, endWait } from './move-home.ts';
import type { AnyOperation } from './operation.ts';
import { proveOneAsset } from './prove-things.ts';
import { countAgreement, listReviewQueue } from './queue-reviews.ts';
import { readSentCatalogue } from './read-catalogue.ts';
import { readHistory } from './read-history.ts';
import { listLog, proveLogConsistency, showLogEntry, showLogHead } from './read-log.ts';
import {
  compareVerdicts,
  diffPolicies,
  listPolicies,
  listPolicyVersions,
  showPolicy,
} from './read-policies.ts';
import { readSources } from './read-sources.ts';
import { importTrustFiles, listTrust, showTrust } from './read-trust.ts';
import {
  carryOutAllRemovals,
  confirmOneRemoval,
  listAllRemovals,
  removeAssets,
} from './remove-assets.ts';
import { confirmRenditions, makeRenditions, previewAsset } from './render-assets.ts';
import { importCar, listCars, removeCar } from './serve-dags.ts';
import { showAsset } from './show-asset.ts';
import { showSettings } from './show-settings.ts';
import { linkBrowser, listBrowsers, removeBrowser } from './sign-in-browsers.ts';
import { draftOneStatement, importOneStatement } from './sign-statements.ts';
import { declareAssets, deriveAsset, deriveMachineAsset } from './state-things.ts';
import { addAssetEvidence, addProcessKit, listAssetEvidence } from './substantiate.ts';
import {
  examineStores,
  rebuildCatalog,
  reinspectAssets,
  signCheckpoint,
  verifyStores,
} from './take-care.ts';
import { takeFiles, takeSynthetic } from './take-files.ts';
import { addWebhook, listWebhooks, removeWebhook } from './tell-webhooks.ts';
import { registerOneModel, traceOneModel } from './trace-models.ts';
import { reportForAiAct, reportProvenance } from './write-reports.ts';

/** Every operation by its name. The running node offers exactly these. */
export const OPERATIONS: ReadonlyMap<string, AnyOperation> = new Map(
  [
    takeFiles,
    takeSynthetic,
    readSentCatalogue,
    showMatches,
    scanRegistry,
    listAssets,
    countFacets,
    findWork,
    showAsset,
    readHistory,
    showLineage,
    listAlike,
    previewAsset,
    makeRenditions,
    confirmRenditions,
    countAssets,
    explainAsset,
    proveAssetVerdict,
    declareAssets,
    deriveAsset,
    deriveMachineAsset,
    draftOneClaim,
    importOneClaim,
    recordPaperConsent,
    listAllConsents,
    withdrawConsent,
    vouchForMaker,
    certifyAssets,
    revokeOneCertificate,
    addAssetEvidence,
    addProcessKit,
    listAssetEvidence,
    draftOneStatement,
    importOneStatement,
    readSources,
    listReviewQueue,
    countAgreement,
    reviewAsset,
    listReviews,
    nextReviews,
    attestTable,
    listAttestations,
    screenEverything,
    stopUses,
    listStopped,
    resolveStops,
    listObjections,
    answerOneObjection,
    planOneErasure,
    eraseOnePerson,
    deleteErasedRecords,
    listAllErasures,
    removeAssets,
    confirmOneRemoval,
    carryOutAllRemovals,
    listAllRemovals,
    listMembers,
    grantRole,
    revokeRoles,
    adoptVoid,
    rotateMember,
    listProposals,
    showProposal,
    voteOnProposal,
    enactProposals,
    proposePolicy,
    proposeQuorum,
    listCollections,
    setReaders,
    addWorks,
    listPolicies,
    listPolicyVersions,
    showPolicy,
    diffPolicies,
    compareVerdicts,
    listTrust,
    showTrust,
    importTrustFiles,
    cutDataset,
    planDataset,
    listReleases,
    listHolders,
    listReleaseMembers,
    showRelease,
    verifyDataset,
    exportDataset,
    showImpact,
    registerOneModel,
    traceOneModel,
    reportForAiAct,
    reportProvenance,
    signCheckpoint,
    importCar,
    listCars,
    removeCar,
    verifyStores,
    rebuildCatalog,
    reinspectAssets,
    examineStores,
    invitePeer,
    listInvitations,
    listPeers,
    addPeer,
    removePeer,
    leaveArchive,
    addWebhook,
    listWebhooks,
    removeWebhook,
    linkBrowser,
    listBrowsers,
    removeBrowser,
    proveOneAsset,
    listLog,
    showLogHead,
    showLogEntry,
    proveLogConsistency,
    exportFeedFile,
    importFeedFile,
    checkStoredBytes,
    replicateNow,
    showReplicas,
    showCopyHistory,
    backUpHome,
    endWait,
    showSettings,
  ].map((operation) => [operation.name, operation]),
);
