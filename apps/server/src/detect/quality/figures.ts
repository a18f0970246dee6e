import { type Candidate, type CandidateId, spanInWords } from '@firebreak/core/detect/candidates';
import { type Counted, coherenceMs, detectionFigures } from '@firebreak/core/detect/quality';
import { addMs, type Instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';

const MOST = 20_000;
const USUAL_MS = 30 * 86_400_000;

export interface Over {
  readonly from?: Instant | undefined;
  readonly to?: Instant | undefined;
  readonly system?: string | undefined;
}
type Row = Counted & Pick<Candidate, 'title'>;

/** The candidates that opened in a time, latest first, with only what figures are made from. */
async function opened(sql: Sql, from: Instant, to: Instant, system: string | null): Promise<Row[]> {
  const { rows } = await sql.query<{ it: Row }>(
    `select jsonb_build_object('id', id, 'system', system, 'state', state, 'title', data->'title', 'openedAt', data->'openedAt',
       'coheredAt', data->'coheredAt', 'ended', data->'ended', 'pages', data->'pages', 'mergedInto', data->'mergedInto',
       'splitFrom', data->'splitFrom', 'mark', data->'mark', 'summary', jsonb_build_object('firstAt', data->'summary'->'firstAt')) as it
     from candidate_board where data->>'openedAt' >= $1 and data->>'openedAt' < $2 and ($3::text is null or system = $3)
     order by data->>'openedAt' desc, id desc limit ${MOST + 1}`,
    [from, to, system],
  );
  // Boards of before marks and pages were kept have neither.
  return rows.map(({ it }) => ({ ...it, mark: it.mark ?? null, pages: it.pages ?? [] }));
}

const spanOf = ({ from, to }: Over, now: Instant) => ({
  from: from ?? addMs(to ?? now, -USUAL_MS),
  to: to ?? addMs(now, 1),
});

export async function figuresOver(sql: Sql, over: Over, now: Instant) {
  const { from, to } = spanOf(over, now);
  const rows = await opened(sql, from, to, over.system ?? null);
  const { precision, duplicates, falsePages, coherence, ...rest } = detectionFigures(rows.slice(0, MOST));
  const plain = ({ x, n, share, interval }: typeof precision) => ({ x, n, share, interval });
  const { n, never, p50Ms, p95Ms } = coherence;
  return {
    ...rest,
    from,
    to,
    more: rows.length > MOST,
    precision: plain(precision),
    duplicates: plain(duplicates),
    falsePages: plain(falsePages),
    coherence: { n, never, p50Ms, p95Ms },
  };
}

const ENDS: Readonly<Record<string, string>> = {
  promoted: 'became an incident',
  closed: 'became an incident, which is closed',
  merged: 'merged into another',
};

function sayEnd(it: Row): string {
  if (it.ended?.as === 'near-miss') return 'filed as a near miss';
  return it.state === 'dismissed' ? `dismissed: ${it.ended?.as}` : (ENDS[it.state] ?? 'still open');
}

/** The candidates behind one figure. */
export async function candidatesBehind(
  sql: Sql,
  figure: 'precision' | 'duplicates' | 'falsePages' | 'coherence',
  over: Over,
  now: Instant,
) {
  const { from, to } = spanOf(over, now);
  const rows = (await opened(sql, from, to, over.system ?? null)).slice(0, MOST);
  const figures = detectionFigures(rows);
  const sides: readonly (readonly [readonly CandidateId[], boolean])[] =
    figure === 'coherence'
      ? [[figures.coherence.slowest, true]]
      : [
          [figures[figure].counted, true],
          [figures[figure].others, false],
        ];
  const byId = new Map(rows.map((row) => [row.id as string, row]));
  return sides.flatMap(([ids, counted]) =>
    ids.map((id) => {
      const it = byId.get(id)!;
      const ms = coherenceMs(it);
      return {
        candidate: id,
        title: it.title,
        system: it.system,
        state: it.state,
        openedAt: it.openedAt,
        counted,
        says: figure === 'coherence' && ms !== null ? `one event after ${spanInWords(ms)}` : sayEnd(it),
      };
    }),
  );
}
