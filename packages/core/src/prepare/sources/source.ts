import {
  type Decision,
  type Fact,
  type Id,
  type Instant,
  ofTypes,
  type Recorded,
  type Refusal,
  refuse,
} from '../../kernel/index.ts';

export type SourceId = Id<'src'>;

/** Products whose webhooks have an address of their own; `custom` is any other, with or without a mapping. */
export const PRODUCTS = [
  'pagerduty',
  'alertmanager',
  'grafana',
  'sentry',
  'datadog',
  'langfuse',
  'statuspage',
  'promptfoo',
  'github',
  'gitlab',
  'custom',
] as const;
export type SourceProduct = (typeof PRODUCTS)[number];

/** Products that sign what they send: a source of one of them may hold the signing secret, and then takes nothing unsigned. */
export const SIGNING: readonly SourceProduct[] = [
  'sentry',
  'grafana',
  'langfuse',
  'promptfoo',
  'github',
  'gitlab',
  'custom',
];

/** `aMinute`: deliveries of one source; `refusedAMinute`: refusals of one address before it is told to wait. */
export const SOURCE_LIMITS = { sources: 200, name: 80, mapping: 20_000, aMinute: 600, refusedAMinute: 60 } as const;

export interface SourceDescription {
  readonly name: string;
  /** The AI system everything from here is about; null: `label` says, or the alert itself. */
  readonly system: string | null;
  /** The label whose value names the AI system, for a source that tells of several; empty: none. */
  readonly label: string;
  /** Whether a person told it to page with what it calls critical; absent: it does not. */
  readonly pages?: boolean | undefined;
}

export interface AddedSource extends SourceDescription {
  readonly source: SourceId;
  readonly product: SourceProduct;
  readonly hash: string;
  readonly signed: boolean;
  readonly mapping: string;
}

/** `hash` is SHA-256 of the intake key, which has 170 random bits: nothing can be guessed from it. */
export type SourceFact =
  | Fact<'source.added', AddedSource>
  | Fact<'source.described', SourceDescription>
  /** Another intake key; the one before it is no longer good. */
  | Fact<'source.renewed', { readonly hash: string }>
  /** Whether signatures are asked for from now on. The secret itself is in no fact. */
  | Fact<'source.signed', { readonly signed: boolean }>
  /** A JSONata expression that makes alerts of a payload; empty: none. */
  | Fact<'source.mapped', { readonly mapping: string }>
  | Fact<'source.ended', { readonly reason: string }>;

export const SOURCE_TYPES = [
  'source.added',
  'source.described',
  'source.renewed',
  'source.signed',
  'source.mapped',
  'source.ended',
] as const;

export interface Source extends SourceDescription {
  readonly id: SourceId;
  readonly product: SourceProduct;
  readonly hash: string;
  readonly signed: boolean;
  readonly mapping: string;
  readonly addedAt: Instant;
  readonly ended: string | null;
}

export function foldSource(facts: readonly Recorded[]): Source | null {
  return ofTypes<SourceFact>(facts, SOURCE_TYPES).reduce<Source | null>((source, fact) => {
    if (fact.type === 'source.added') {
      const { source: id, ...said } = fact.data;
      return { id, ...said, addedAt: fact.at, ended: null };
    }
    if (source === null) return null;
    switch (fact.type) {
      case 'source.described':
      case 'source.renewed':
      case 'source.signed':
      case 'source.mapped':
        return { ...source, ...fact.data };
      default:
        return { ...source, ended: fact.data.reason };
    }
  }, null);
}

function living(state: Source | null): Source | Refusal {
  if (state === null)
    return refuse('source.unknown', 'There is no such source. List the sources to see the ones there are.');
  if (state.ended !== null) return refuse('source.ended', 'This source has ended. Add a new one.');
  return state;
}

function unfit(product: SourceProduct, want: { readonly signed?: boolean; readonly mapping?: string }): Refusal | null {
  if (want.signed && !SIGNING.includes(product))
    return refuse(
      'source.cannot-sign',
      `${product} does not sign its webhooks. Its intake key is what proves it.`,
      '/signingSecret',
    );
  if (want.mapping && product !== 'custom')
    return refuse(
      'source.bad-mapping',
      `Webhooks of ${product} are read as they are. A mapping belongs to a custom source.`,
      '/mapping',
    );
  return null;
}

/** `others`: sources in use, read under the same lock. */
export function addSource(state: Source | null, want: AddedSource, others: number): Decision<SourceFact> {
  if (state !== null) return [];
  if (others >= SOURCE_LIMITS.sources)
    return refuse(
      'source.too-many',
      `There are ${SOURCE_LIMITS.sources} sources. End one that is no longer used first.`,
    );
  const fault = unfit(want.product, want);
  return fault ?? [{ type: 'source.added', data: want }];
}

export function describeSource(state: Source | null, want: SourceDescription): Decision<SourceFact> {
  const source = living(state);
  if ('refused' in source) return source;
  const same =
    source.name === want.name &&
    source.system === want.system &&
    source.label === want.label &&
    (source.pages ?? false) === (want.pages ?? false);
  return same ? [] : [{ type: 'source.described', data: want }];
}

export function renewSource(state: Source | null, want: { readonly hash: string }): Decision<SourceFact> {
  const source = living(state);
  return 'refused' in source ? source : [{ type: 'source.renewed', data: want }];
}

/** Asks for signatures, or no longer. */
export function signSource(state: Source | null, want: { readonly signed: boolean }): Decision<SourceFact> {
  const source = living(state);
  if ('refused' in source) return source;
  const fault = unfit(source.product, want);
  if (fault !== null) return fault;
  return want.signed === source.signed && !want.signed ? [] : [{ type: 'source.signed', data: want }];
}

export function mapSource(state: Source | null, want: { readonly mapping: string }): Decision<SourceFact> {
  const source = living(state);
  if ('refused' in source) return source;
  const fault = unfit(source.product, want);
  if (fault !== null) return fault;
  return source.mapping === want.mapping ? [] : [{ type: 'source.mapped', data: want }];
}

export function endSource(state: Source | null, want: { readonly reason: string }): Decision<SourceFact> {
  if (state === null) return living(state) as Refusal;
  return state.ended !== null ? [] : [{ type: 'source.ended', data: want }];
}
