import type { Id, Instant } from '../../kernel/index.ts';

/** What was in force, by whose word, at the moment before anything was changed. */
export interface Manifest {
  readonly manifest: Id<'man'>;
  readonly system: string;
  /** Versions the inventory holds for in force. */
  readonly versions: readonly {
    /** `production`, `eu-production` … */
    readonly deployment: string;
    /** `model`, `prompt`, `index`, `tool` … */
    readonly kind: string;
    readonly version: string;
  }[];
  readonly holds: readonly Id<'hld'>[];
  readonly roster: readonly {
    readonly instance: string;
    readonly host: string;
    readonly epoch: number;
    readonly live: boolean;
  }[];
  /** How far telemetry had come in: table name → newest position, and the number of rows; `more`: counted no further. */
  readonly telemetry: Readonly<
    Record<string, { readonly upTo: string; readonly rows: number; readonly more?: true | undefined }>
  >;
  readonly takenAt: Instant;
  /** `sha256:` and the hex digest of the canonical JSON of all the other members. */
  readonly digest: string;
}
