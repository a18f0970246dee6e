export { exfiltrationLink } from './exfiltration-link.ts';
export type { Aids, Detector, Finding } from './finding.ts';
export type { Quantity } from './quantities.ts';
export { quantities } from './quantities.ts';
export { DETECTORS, inspect, signalOf } from './registry.ts';
export { secrets } from './secrets.ts';
export { ungroundedClaim } from './ungrounded-claim.ts';
