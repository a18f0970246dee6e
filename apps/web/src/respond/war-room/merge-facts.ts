import type { Recorded } from '@firebreak/core/kernel';

export interface Merged {
  readonly facts: readonly Recorded[];
  /** True when the incident's own stream misses a version in between: something was not heard. */
  readonly gap: boolean;
}

/** Facts in the order of the log, each once, and whether the incident's stream is whole. */
export function mergeFacts(have: readonly Recorded[], heard: readonly Recorded[], stream: string): Merged {
  const known = new Set(have.map((fact) => fact.seq));
  const fresh = heard.filter((fact) => !known.has(fact.seq) && known.add(fact.seq));
  const facts = fresh.length === 0 ? have : [...have, ...fresh].sort((a, b) => a.seq - b.seq);
  let version = 0;
  for (const fact of facts) {
    if (fact.stream !== stream) continue;
    if (fact.version !== version + 1) return { facts, gap: true };
    version = fact.version;
  }
  return { facts, gap: false };
}
