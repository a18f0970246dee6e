import type { Decision, Fact, Instant, Recorded } from '../../kernel/index.ts';
import { ofTypes } from '../../kernel/index.ts';

export const TELEMETRY_KINDS = ['interaction', 'signal', 'feedback', 'evaluation'] as const;
export type TelemetryKind = (typeof TELEMETRY_KINDS)[number];

/** What the log says about telemetry: the digest of what came in, and what retention deleted. */
export type TelemetryFact =
  | Fact<
      'telemetry.sealed',
      {
        readonly batch: number;
        readonly kind: TelemetryKind;
        readonly count: number;
        /** First and last time of receipt. */
        readonly from: Instant;
        readonly to: Instant;
        /** RFC 6962 root over the canonical rows, hexadecimal. */
        readonly root: string;
      }
    >
  | Fact<
      'telemetry.deleted',
      {
        readonly kind: TelemetryKind;
        readonly count: number;
        readonly before: Instant;
        readonly keptDays: number;
        /** Of this system, which has a rule of its own; left out: of all that have none. */
        readonly system?: string;
      }
    >;

/** Facts about telemetry are many, so they are spread over one stream for each ten minutes. */
export const telemetryStream = (at: Instant): string => `log_telemetry.${at.slice(0, 15)}`;

/** The numbers of the batches one stream has sealed. */
export function foldSealed(facts: readonly Recorded[]): ReadonlySet<number> {
  return new Set(
    ofTypes<TelemetryFact>(facts, ['telemetry.sealed']).flatMap((f) =>
      f.type === 'telemetry.sealed' ? [f.data.batch] : [],
    ),
  );
}

type Sealed = Extract<TelemetryFact, { type: 'telemetry.sealed' }>['data'];
type Deleted = Extract<TelemetryFact, { type: 'telemetry.deleted' }>['data'];

/** Idempotent: a batch that is sealed is not sealed again; an empty one never. */
export function sealTelemetry(sealed: ReadonlySet<number>, want: readonly Sealed[]): Decision<TelemetryFact> {
  return want
    .filter((batch) => batch.count > 0 && !sealed.has(batch.batch))
    .map((data) => ({ type: 'telemetry.sealed', data }));
}

export function recordDeletion(want: readonly Deleted[]): Decision<TelemetryFact> {
  return want.filter(({ count }) => count > 0).map((data) => ({ type: 'telemetry.deleted', data }));
}
