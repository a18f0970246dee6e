import type { AccessKind, SignInKind } from '@firebreak/core/detect/access';
import type { Archetype, EvidenceClass } from '@firebreak/core/detect/signals';
import type { Instant } from '@firebreak/core/kernel';
import type { Deps, Sql } from '../../platform/index.ts';
import { type Raised, storeSignals } from '../signals/index.ts';

/** What is kept of one signal, beside what it is made of. */
export interface Told {
  readonly system: string;
  readonly at: Instant;
  readonly since: Instant;
  readonly of: 'person' | 'session' | 'sign-in' | 'system';
  readonly kind: AccessKind | SignInKind;
  readonly evidenceClass: EvidenceClass;
  readonly archetype: Archetype | null;
  readonly text: string;
  readonly seen: number;
  readonly usual: number | null;
  readonly chance: number | null;
  readonly interactions: readonly string[];
  readonly signIns: readonly string[];
  readonly subjectHash: string | null;
  /** The newest of what it is made of, for the signal. */
  readonly about: Partial<Raised>;
  readonly same: string;
}

/** Raises signals, and keeps what each is made of beside it: both or none. */
export async function tell(tx: Sql, deps: Deps, told: readonly Told[]): Promise<number> {
  if (told.length === 0) return 0;
  const stored = await storeSignals(
    tx,
    deps,
    told.map((it) => ({
      channel: 'telemetry',
      detector: 'access',
      score: null,
      feature: null,
      deployment: null,
      versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
      severityHint: null,
      quotes: [],
      interaction: null,
      ...it.about,
      at: it.at,
      kind: it.kind,
      rule: `access@1 ${it.kind}`,
      evidenceClass: it.evidenceClass,
      system: it.system,
      subjectHash: it.subjectHash,
      archetype: it.archetype,
      text: it.text.slice(0, 2_000),
      dedupKey: `access|${it.same}`,
    })),
  );
  await tx.query(
    `insert into access_told (id, system, at, signal, data)
     select id, system, at, signal, data from jsonb_to_recordset($1::jsonb) as r(id text, system text, at text, signal text, data jsonb)`,
    [
      JSON.stringify(
        told.map(({ about: _, same: __, subjectHash: ___, archetype: ____, ...data }, i) => ({
          id: deps.mint('acc'),
          system: data.system,
          at: data.at,
          signal: stored.ids[i],
          data,
        })),
      ),
    ],
  );
  return stored.fresh;
}
