export { checkCacao } from './check.ts';
export type { Finding } from './finding.ts';
export { documentOf } from './from-steps.ts';
export type { Conformance, Reading, ReadMode } from './read.ts';
export { READ_MODES, readCacao } from './read.ts';
export { CACAO_LIMITS } from './shapes.ts';
