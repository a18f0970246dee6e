// What a call to a vendor and its answer say, and how a refusal is said: for places of enforcement of one's own, as the gateway is.
export { streamReader, wordsOf } from './answer-reader.ts';
export { ASKING_HEADERS, askingFrom, FIREBREAK_HEADER_NAMES, SYSTEM_HEADER } from './asking-headers.ts';
export type { RefusalParts } from './refusal.ts';
export { AWAITS_REVIEW, refusalOf } from './refusal.ts';
export { putIn, withSettings } from './vendor-body.ts';
export { callsIn, withoutTools } from './vendor-tools.ts';
