import type { EvalCase } from '../../evals/index.ts';
import { CONDUCT, CONDUCT_FAMILIES } from './conduct.ts';
import { CONTROLS } from './controls.ts';
import { DISCLOSURE, DISCLOSURE_FAMILIES } from './disclosure.ts';
import { INJECTION, INJECTION_FAMILIES } from './injection.ts';
import type { Family } from './make.ts';

export type { Family } from './make.ts';

export const FAMILIES: readonly Family[] = [...INJECTION_FAMILIES, ...DISCLOSURE_FAMILIES, ...CONDUCT_FAMILIES];
/** The shipped suite, in our own words: what it tries to get out is harmless. Controls come last. */
export const PROBES: readonly EvalCase[] = [...INJECTION, ...DISCLOSURE, ...CONDUCT, ...CONTROLS];

const byId = new Map(PROBES.map((each) => [each.id, each]));
export const probeById = (id: string): EvalCase | null => byId.get(id) ?? null;

const speaksOfCanary = (it: EvalCase): boolean => it.checks.some(({ value }) => value.includes('{{canary}}'));

/** Probes of some families with the controls; what looks for a planted word only where one is planted. */
export const probesFor = (families: readonly string[], canary: string): readonly EvalCase[] =>
  PROBES.filter(
    (it) => (it.probe!.control || families.includes(it.probe!.family)) && (canary !== '' || !speaksOfCanary(it)),
  );
