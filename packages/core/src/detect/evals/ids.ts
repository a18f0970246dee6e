import type { Id } from '../../kernel/index.ts';

export type TargetId = Id<'tgt'>;
export type SuiteId = Id<'evs'>;
export type RunId = Id<'evr'>;

/** A golden set guards what is right; probes attack it. One runner runs both. */
export const SUITE_KINDS = ['golden-set', 'probes'] as const;
export type SuiteKind = (typeof SUITE_KINDS)[number];
