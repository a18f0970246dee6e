import type { Archetype } from '@firebreak/core/detect/signals';
import { CORPUS_FACTS, type PublicReport } from '@firebreak/core/detect/similar';
import type { Recorded } from '@firebreak/core/kernel';
import type { Severity } from '@firebreak/core/prepare/rubric';
import type { Board, Sql } from '../../platform/index.ts';

/** A measure that was ordered in an incident, and whether it held. */
interface Measure {
  readonly hold: string;
  readonly says: string;
  readonly held: boolean | null;
}

/** An own incident, as far as others may learn from it. */
export interface OwnIncident {
  readonly label: string;
  readonly title: string;
  readonly summary: string;
  readonly severity: Severity;
  readonly state: string;
  readonly declaredAt: string;
  readonly candidate: string | null;
  /** As a person called it; absent: nobody has. */
  readonly archetype?: Archetype | 'outside';
  /** A drill is made up: others are compared with it never, it with others. */
  readonly drill: boolean;
  /** Absent where it never was one: rows written before there were near misses. */
  readonly nearMiss?: boolean;
  /** What stopped it and what would have happened, in words to compare by. */
  readonly account?: string;
  readonly outcome: string | null;
  readonly measures: readonly Measure[];
}

export type Stored =
  | { readonly id: string; readonly origin: 'own'; readonly seq: number; readonly data: OwnIncident }
  | { readonly id: string; readonly origin: 'public'; readonly seq: number; readonly data: PublicReport };

const MOST_MEASURES = 20;

const LEVERS: Readonly<Record<string, string>> = { disable: 'stopped', route: 'rerouted', fence: 'fenced' };
const versions = (of: unknown): string =>
  Object.entries(of ?? {})
    .map((pair) => pair.join(' '))
    .join(', ');

/** `rerouted answers, prompt v41 → prompt v40: the rule is invented` */
function sayMeasure({ what, reason, system }: Recorded['data']): string {
  const where = what?.feature ?? system ?? 'it';
  const way = what?.kind === 'route' ? `, ${versions(what.from) || 'any'} → ${versions(what.to)}` : '';
  const why = typeof reason === 'string' && reason !== '' ? `: ${reason}` : '';
  return `${LEVERS[what?.kind] ?? what?.kind ?? 'held'} ${where}${way}${why}`.slice(0, 300);
}

/** Erased words leave nothing to compare with. */
const accountOf = (miss: unknown): string => {
  const {
    stoppedBy = '',
    wouldHave = '',
    proximateCause = '',
  } = typeof miss === 'object' && miss !== null ? (miss as Record<string, string>) : {};
  return [wouldHave, proximateCause, stoppedBy === '' ? '' : `Stopped by: ${stoppedBy}`].filter(Boolean).join('. ');
};

/** An own incident after one more fact; unchanged where the fact says nothing to learn from. */
function learn(it: OwnIncident, { type, data }: Recorded): OwnIncident {
  const measured = (held: boolean) => ({
    ...it,
    measures: it.measures.map((each) => (each.hold === data.hold ? { ...each, held } : each)),
  });
  switch (type) {
    case 'incident.refiled':
      return {
        ...it,
        nearMiss: data.to === 'near-miss',
        ...(data.miss && { account: accountOf(data.miss) }),
        outcome: `filed as ${data.to === 'near-miss' ? 'near miss' : 'incident'}: ${data.reason}`.slice(0, 500),
      };
    case 'incident.titled':
      return { ...it, title: data.title };
    case 'archetype.called': {
      const { archetype: _before, ...rest } = it;
      return data.to === 'unknown' ? rest : { ...rest, archetype: data.to };
    }
    case 'severity.called':
      return { ...it, severity: data.to };
    case 'incident.moved':
      return { ...it, state: data.to, outcome: `${data.to}: ${data.reason}`.slice(0, 500) };
    case 'containment.ordered':
      return it.measures.length >= MOST_MEASURES
        ? it
        : { ...it, measures: [...it.measures, { hold: data.hold, says: sayMeasure(data), held: null }] };
    case 'containment.confirmed':
      return measured(true);
    case 'containment.failed':
      return measured(false);
    default:
      return it;
  }
}

const upsert = (tx: Sql, id: string, seq: number, data: OwnIncident) =>
  tx.query(
    `insert into similar_document (id, origin, seq, data) values ($1, 'own', $2, $3::jsonb)
     on conflict (id) do update set seq = excluded.seq, data = excluded.data`,
    [id, seq, JSON.stringify(data)],
  );

export const similarBoard: Board = {
  name: 'similar incidents',
  tables: ['similar_document'],
  types: [
    ...CORPUS_FACTS,
    'incident.declared',
    'incident.refiled',
    'incident.titled',
    'severity.called',
    'archetype.called',
    'incident.moved',
    'containment.ordered',
    'containment.confirmed',
    'containment.failed',
  ],
  async apply(tx, fact) {
    const { type, data, stream, seq } = fact;
    if (type === 'corpus.imported') {
      // Erased values leave nothing to compare with.
      if (!Array.isArray(data.reports)) return;
      await tx.query(
        `insert into similar_document (id, origin, seq, data)
         select report->>'id', 'public', $1, report from jsonb_array_elements($2::jsonb) as report
         on conflict (id) do update set seq = excluded.seq, data = excluded.data`,
        [seq, JSON.stringify(data.reports)],
      );
    } else if (type === 'incident.declared') {
      const { label, title, severity, drill, candidate } = data;
      const summary = typeof data.summary === 'string' ? data.summary : '';
      const state = 'open';
      const declaredAt = fact.at;
      await upsert(tx, stream, seq, {
        label,
        title,
        summary,
        severity,
        state,
        declaredAt,
        candidate,
        drill,
        outcome: null,
        measures: [],
        ...(data.archetype && { archetype: data.archetype }),
        ...(data.kind === 'near-miss' && { nearMiss: true, account: accountOf(data.miss) }),
      });
    } else {
      const { rows } = await tx.query<{ data: OwnIncident }>('select data from similar_document where id = $1', [
        stream,
      ]);
      if (rows[0] !== undefined) await upsert(tx, stream, seq, learn(rows[0].data, fact));
    }
  },
};

/** Those that changed after a fact, in the order of the facts that changed them. */
export async function changedAfter(sql: Sql, seq: number, most: number): Promise<Stored[]> {
  const { rows } = await sql.query<Stored>(
    'select id, origin, seq, data from similar_document where seq > $1 order by seq limit $2',
    [seq, most],
  );
  return rows;
}

export async function documentsOf(sql: Sql, ids: readonly string[]): Promise<Map<string, Stored>> {
  const { rows } = await sql.query<Stored>('select id, origin, seq, data from similar_document where id = any($1)', [
    ids,
  ]);
  return new Map(rows.map((row) => [row.id, row]));
}

/** An own incident by id or label. */
export async function ownIncident(sql: Sql, named: string): Promise<Extract<Stored, { origin: 'own' }> | null> {
  const { rows } = await sql.query<Extract<Stored, { origin: 'own' }>>(
    "select id, origin, seq, data from similar_document where origin = 'own' and (id = $1 or data->>'label' = $2)",
    [named, named.toUpperCase()],
  );
  return rows[0] ?? null;
}
