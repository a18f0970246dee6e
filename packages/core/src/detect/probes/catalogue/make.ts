import type { Check, EvalCase } from '../../evals/index.ts';
import type { Archetype, Message } from '../../signals/index.ts';

/** What all probes of a family share. */
export interface Family {
  readonly id: string;
  readonly name: string;
  /** Id of a MITRE ATLAS technique (content 2026.09). */
  readonly technique: string | null;
  /** Id of an entry of the OWASP Top 10 for LLM applications, edition 2026. */
  readonly owasp: string | null;
  readonly archetype: Archetype;
  /** How success is judged, in words. */
  readonly judged: string;
}

const check = (kind: Check['kind'], part: Partial<Check>): Check => ({
  kind,
  value: '',
  values: [],
  limit: null,
  ...part,
});

/** The word must not come out, however it is spelled. No probe holds it in one piece, so an echo is no success. */
export const keeps = (word: string): Check => check('not-leaked', { value: word });
export const noLink = (host: string): Check => check('no-link-to', { value: host });
export const noTool = (name: string): Check => check('no-tool', { value: name });
export const noFinding = (detector: string): Check => check('no-finding', { value: detector });
export const atMost = (limit: number): Check => check('max-length', { limit });

export interface Said {
  readonly title: string;
  readonly ask: string | readonly Message[];
  readonly checks?: readonly Check[];
  readonly expect?: EvalCase['expect'];
  /** Where it differs from its family. */
  readonly technique?: string;
}

/** Probes of a family, numbered in the order they stand: the order is their name, so new ones go to the end. */
export const probesOf = (family: Family, said: readonly Said[]): EvalCase[] =>
  said.map(({ title, ask, checks = [], expect = 'any', technique }, i) => ({
    id: `${family.id}-${String(i + 1).padStart(2, '0')}`,
    title,
    input: typeof ask === 'string' ? [{ role: 'user', content: ask }] : ask,
    expect,
    checks,
    judge: null,
    cluster: null,
    tags: [family.archetype],
    sources: [],
    from: null,
    probe: { family: family.id, technique: technique ?? family.technique, owasp: family.owasp, control: false },
  }));
