export type { BundleManifest, BundleTools, Check, Verification } from './bundle.ts';
export { BUNDLE_FILES, BUNDLE_FORMAT, disclosureDigest, manifestNote, verifyBundle } from './bundle.ts';
export { base64, concat, equal, fromBase64, fromHex, hex, utf8 } from './bytes.ts';
export { canonical } from './canonical.ts';
export type { Checkpoint, Sign, Verifier, VerifySignature } from './checkpoint.ts';
export { checkpointText, openNote, readCheckpoint, readVkey, signNote, vkeyOf } from './checkpoint.ts';
export type { Consistency, Inclusion, Peaks, Sha256, Tree } from './tree.ts';
export {
  consistencyProof,
  grow,
  inclusionProof,
  isConsistent,
  isIncluded,
  leafHash,
  NO_PEAKS,
  rootOf,
  rootOfPeaks,
  treeOf,
} from './tree.ts';
