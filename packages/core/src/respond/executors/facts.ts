import type { Fact, Id, Instant } from '../../kernel/index.ts';
import type { Settings, SwitchValue, Way } from './kinds/kind.ts';
import type { ExecutorKind } from './kinds/registry.ts';

export type ExecutorId = Id<'exe'>;

/** A declared control an executor acts for. */
export interface Binding {
  readonly system: string;
  readonly control: string;
  /** Name of the control, as it was when it was bound. */
  readonly name: string;
}

export interface ExecutorSaid {
  readonly name: string;
  readonly kind: ExecutorKind;
  readonly settings: Settings;
  readonly controls: readonly Binding[];
}

/** The hold an order is about. `incident` puts the fact on the time line of the incident. */
export interface About {
  readonly incident: string;
  readonly hold: string;
  /** `HLD-12` */
  readonly label: string;
  readonly system: string;
  readonly control: string;
}

interface OfOrder {
  readonly incident: string;
  readonly hold: string;
  readonly way: Way;
  /** Of the executor, so that the time line can say it. */
  readonly name: string;
}

/** Whether the secret may change the switch: `unsaid` where the other side cannot be asked. */
export type May = 'yes' | 'no' | 'unsaid';

/** On the stream of the executor. Its secret stands in no fact. */
export type ExecutorFact =
  | Fact<'executor.declared', { readonly executor: ExecutorId; readonly keyed: boolean } & ExecutorSaid>
  | Fact<'executor.changed', Omit<ExecutorSaid, 'kind'>>
  | Fact<'executor.keyed', { readonly keyed: boolean }>
  | Fact<'executor.retired', { readonly reason: string }>
  | Fact<'executor.rehearsed', { readonly ok: boolean; readonly says: string; readonly may: May; readonly ms: number }>
  | Fact<
      'executor.ordered',
      About & { readonly way: Way; readonly name: string; readonly says: string; readonly again?: true }
    >
  /** What the switch was before the first hold: evidence, and what is set back. */
  | Fact<'executor.seen', OfOrder & { readonly was: SwitchValue; readonly says: string }>
  | Fact<'executor.under-way', OfOrder & { readonly says: string }>
  | Fact<'executor.confirmed', OfOrder & { readonly says: string; readonly ms: number; readonly attempt: number }>
  | Fact<
      'executor.failed',
      OfOrder & {
        readonly why: string;
        readonly attempt: number;
        /** When it is tried again; null: given up. */
        readonly againAfterMs: number | null;
        /** It stood as ordered, and somebody else changed it. */
        readonly outside?: true;
      }
    >
  /** A hold was let go, and the switch stays where it is: others hold it. */
  | Fact<
      'executor.stayed',
      About & { readonly way: 'let-go'; readonly name: string; readonly because: readonly string[] }
    >
  /** The opposite was ordered before this was done. */
  | Fact<'executor.overtaken', OfOrder>
  /** It was given up, and who was told; nobody is said as well. */
  | Fact<
      'executor.escalated',
      OfOrder & { readonly owner: string; readonly to: readonly { readonly id: string; readonly name: string }[] }
    >;

export const EXECUTOR_FACTS = [
  'executor.declared',
  'executor.changed',
  'executor.keyed',
  'executor.retired',
  'executor.rehearsed',
  'executor.ordered',
  'executor.seen',
  'executor.under-way',
  'executor.confirmed',
  'executor.failed',
  'executor.stayed',
  'executor.overtaken',
  'executor.escalated',
] as const satisfies readonly ExecutorFact['type'][];

export type OrderState = 'ordered' | 'under-way' | 'confirmed' | 'failed' | 'given-up' | 'stayed' | 'overtaken';

/** One hold or one letting go, and what became of it at the switch. */
export interface Order extends About {
  readonly way: Way;
  readonly state: OrderState;
  /** Tries that failed since it was last ordered. */
  readonly failures: number;
  /** What is to be done, what was seen, or why it failed: the newest sentence. */
  readonly says: string;
  readonly orderedAt: Instant;
  /** When the try that is under way began. */
  readonly begunAt: Instant | null;
  readonly changedAt: Instant;
  /** From the order to the confirmation, milliseconds. */
  readonly ms: number | null;
  readonly escalated: {
    readonly at: Instant;
    readonly owner: string;
    readonly to: readonly { readonly id: string; readonly name: string }[];
  } | null;
}

export interface Executor extends ExecutorSaid {
  readonly id: ExecutorId;
  readonly keyed: boolean;
  readonly declaredAt: Instant;
  readonly changedAt: Instant;
  readonly retired: string | null;
  readonly rehearsed: {
    readonly at: Instant;
    readonly ok: boolean;
    readonly says: string;
    readonly may: May;
    readonly ms: number;
  } | null;
  /** Holds that keep the switch, oldest first. */
  readonly holding: readonly About[];
  readonly was: { readonly value: SwitchValue; readonly says: string; readonly at: Instant } | null;
  readonly orders: ReadonlyMap<string, Order>;
}
