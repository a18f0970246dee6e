import type { Feedback, Interaction, Signal } from '@firebreak/core/detect/signals';
import { hex } from '@firebreak/core/evidence';
import { type Instant, instant } from '@firebreak/core/kernel';
import type { Sql } from '../../platform/index.ts';
import { LIFE, type LifeColumns, lifeOf, type SignalWithLife } from './life.ts';
import { leavesOf } from './seal.ts';

/** Newest rows a search by words reads through. */
const SEARCH_LIMIT = 20_000;
const EXCERPT = 400;

/** Gathers conditions of a query, numbering their values. */
class Where {
  readonly #parts: string[] = [];
  readonly values: unknown[];

  /** `before`: values of the query around it, which are numbered first. */
  constructor(before: readonly unknown[] = []) {
    this.values = [...before];
  }

  /** A condition without a value; left out where there is none. */
  plain(condition: string | undefined): this {
    if (condition !== undefined) this.#parts.push(condition);
    return this;
  }

  /** `?` stands for the value. Left out where the value is undefined. */
  and(condition: string, value: unknown): this {
    if (value === undefined) return this;
    this.values.push(value);
    this.#parts.push(condition.replaceAll('?', `$${this.values.length}`));
    return this;
  }

  /** The number by which a value is called. */
  value(it: unknown): string {
    this.values.push(it);
    return `$${this.values.length}`;
  }

  /** Rows that come after a cursor `receivedAt|id` in newest-first order. */
  after(before: string | undefined): this {
    const [at, id] = before?.split('|') ?? [];
    if (at === undefined || id === undefined) return this;
    this.values.push(at, id);
    this.#parts.push(`(received_at, id) < ($${this.values.length - 1}, $${this.values.length})`);
    return this;
  }

  get text(): string {
    return this.#parts.length === 0 ? '' : `where ${this.#parts.join(' and ')}`;
  }
}

const time = (text: string | undefined): Instant | undefined => (text === undefined ? undefined : instant(text));

interface Paged {
  readonly id: string;
  readonly received_at: string;
}

/** A page and the cursor of the next one, from one row more than the page holds. */
function paged<R extends Paged>(rows: readonly R[], limit: number): { page: readonly R[]; next: string | null } {
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { page, next: rows.length > limit && last !== undefined ? `${last.received_at}|${last.id}` : null };
}

export interface InteractionFilter {
  readonly limit: number;
  readonly before?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly system?: string | undefined;
  readonly feature?: string | undefined;
  readonly model?: string | undefined;
  readonly prompt?: string | undefined;
  readonly index?: string | undefined;
  readonly tools?: string | undefined;
  readonly fingerprint?: string | undefined;
  readonly trace?: string | undefined;
  readonly session?: string | undefined;
  readonly subject?: string | undefined;
  readonly tool?: string | undefined;
  readonly score?: number | undefined;
  readonly scoreTo?: number | undefined;
  readonly detector?: string | undefined;
  readonly evaluation?: string | undefined;
  readonly label?: string | undefined;
  readonly with?: 'error' | 'refused' | 'rerouted' | 'signals' | 'feedback' | 'evaluations' | 'failed' | undefined;
  readonly text?: string | undefined;
}

const WITH: Readonly<Record<NonNullable<InteractionFilter['with']>, string>> = {
  error: "data->>'error' is not null",
  refused: "data->'verdict'->>'action' = 'deny'",
  rerouted: "data->'verdict'->>'action' = 'reroute'",
  signals: 'exists (select 1 from signal s where s.interaction = newest.id)',
  feedback: 'exists (select 1 from feedback b where b.interaction = newest.id)',
  evaluations: 'exists (select 1 from evaluation v where v.interaction = newest.id)',
  failed: "exists (select 1 from evaluation v where v.interaction = newest.id and v.outcome = 'failed')",
};

/**
 * Adds what evaluators and detectors have to have said. A score is looked for in what is named, an evaluation before a
 * detector; where nothing is named, in both.
 */
function scored(within: Where, { score, scoreTo, detector, evaluation, label }: InteractionFilter): void {
  const from = score === undefined ? null : within.value(score);
  const to = scoreTo === undefined ? null : within.value(scoreTo);
  const bounds = (column: string): string[] => [
    ...(from === null ? [] : [`${column} >= ${from}::float8`]),
    ...(to === null ? [] : [`${column} <= ${to}::float8`]),
  ];
  const told = (table: string, more: readonly string[]): string =>
    `exists (select 1 from ${table} x where ${['x.interaction = newest.id', ...more].join(' and ')})`;
  const judged = evaluation !== undefined || label !== undefined;
  const bySignal = bounds("(x.data->>'score')::float8");
  if (judged)
    within.plain(
      told('evaluation', [
        ...(evaluation === undefined ? [] : [`lower(x.name) = lower(${within.value(evaluation)})`]),
        ...(label === undefined ? [] : [`lower(x.label) = lower(${within.value(label)})`]),
        ...bounds('x.score'),
      ]),
    );
  if (detector !== undefined)
    within.plain(told('signal', [`x.detector = ${within.value(detector)}`, ...(judged ? [] : bySignal)]));
  if (!judged && detector === undefined && bySignal.length > 0)
    within.plain(`(${told('signal', bySignal)} or ${told('evaluation', bounds('x.score'))})`);
}

/** What was said, read, called and answered, and what went wrong: everything a person may remember the words of. */
const TEXT_HOLDS = `exists (select 1 from (
  select data->>'output' as said union all select data->>'error'
  ${[
    'input[*].content',
    'retrieved[*].text',
    'retrieved[*].title',
    'toolCalls[*].name',
    'toolCalls[*].arguments',
    'toolCalls[*].result',
  ]
    .map((path) => `union all select jsonb_path_query(data, '$.${path}') #>> '{}'`)
    .join(' ')}) words where said ilike ?)`;
const holding = (text: string): string => `%${text.replace(/[\\%_]/g, '\\$&')}%`;

export async function findInteractions(
  sql: Sql,
  it: InteractionFilter,
): Promise<{ items: (Paged & Told)[]; next: string | null; readTo: Instant | null }> {
  const where = new Where()
    .and('system = ?', it.system)
    .and('feature = ?', it.feature)
    .and('model = ?', it.model)
    .and('prompt = ?', it.prompt)
    .and('trace_id = ?', it.trace?.toLowerCase())
    .and('session = ?', it.session)
    .and('received_at >= ?', time(it.from))
    .and('received_at < ?', time(it.to))
    .after(it.before);
  const newest = `select id, received_at, data from interaction ${where.text} order by received_at desc, id desc`;
  // What no column holds is looked for in the newest rows, a bounded number.
  const within = new Where(where.values)
    // The text as JSON writes it rules most rows out before their texts are taken apart.
    .and('data::text ilike ?', it.text && holding(JSON.stringify(it.text).slice(1, -1)))
    .and(TEXT_HOLDS, it.text && holding(it.text))
    .and("data->>'subject' = ?", it.subject)
    .and("data->'versions'->>'index' = ?", it.index)
    .and("(data->'versions'->>'tools' = ? or data->'versions'->>'toolsDigest' = ?)", it.tools)
    .and("data->'versions'->>'fingerprint' = ?", it.fingerprint)
    .and("data->'toolCalls' @> ?::jsonb", it.tool && JSON.stringify([{ name: it.tool }]))
    .plain(it.with && WITH[it.with]);
  scored(within, it);
  const searches = within.text !== '';
  const found = searches
    ? `select * from (${newest} limit ${SEARCH_LIMIT}) newest ${within.text}
       order by received_at desc, id desc limit ${it.limit + 1}`
    : `${newest} limit ${it.limit + 1}`;
  const { rows } = await sql.query<Paged & Told>(
    `select f.*, (select count(*)::int from signal s where s.interaction = f.id) as signals,
       (select count(distinct v.name)::int from evaluation v where v.interaction = f.id and v.outcome = 'failed') as failed from (${found}) f order by received_at desc, id desc`,
    within.values,
  );
  const { page, next } = paged(rows, it.limit);
  return { items: [...page], next, readTo: searches && next === null ? await readTo(sql, where) : null };
}

/** The oldest of the rows a search read through, where there are more. */
async function readTo(sql: Sql, where: Where): Promise<Instant | null> {
  const { rows } = await sql.query<{ received_at: Instant }>(
    `select received_at from interaction ${where.text} order by received_at desc, id desc offset ${SEARCH_LIMIT - 1} limit 2`,
    where.values,
  );
  return rows.length < 2 ? null : rows[0]!.received_at;
}

const excerpt = (text: string | null | undefined): string | null =>
  text === null || text === undefined ? null : text.length > EXCERPT ? `${text.slice(0, EXCERPT - 1)}…` : text;

interface Told {
  readonly data: Interaction;
  readonly signals: number;
  readonly failed: number;
}

export function interactionRow({ data, signals, failed }: Told) {
  const { id, system, at, feature, versions, provider, traceId, latencyMs, error, verdict, sources } = data;
  const question = data.input?.findLast((message) => message.role === 'user')?.content;
  return {
    id,
    system,
    at,
    feature,
    versions,
    provider,
    traceId,
    latencyMs,
    error,
    verdict,
    sources,
    question: excerpt(question),
    answer: excerpt(data.output),
    signals,
    failed,
  };
}

export type SignalWithCandidate = SignalWithLife & { readonly candidate: `cnd_${string}` | null };
interface SignalRow extends Paged, LifeColumns {
  readonly data: Signal;
  readonly candidate: `cnd_${string}` | null;
}
const signalRow = ({ data, candidate, ...row }: SignalRow): SignalWithCandidate => ({
  ...data,
  ...lifeOf(data, row),
  candidate,
});

export async function findSignals(
  sql: Sql,
  it: {
    readonly limit: number;
    readonly before?: string | undefined;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly system?: string | undefined;
    readonly feature?: string | undefined;
    readonly channel?: string | undefined;
    readonly detector?: string | undefined;
    readonly candidate?: string | undefined;
    readonly interaction?: string | undefined;
  },
): Promise<{ items: SignalWithCandidate[]; next: string | null }> {
  const where = new Where()
    .and('system = ?', it.system)
    .and('feature = ?', it.feature)
    .and('channel = ?', it.channel)
    .and('detector = ?', it.detector)
    .and('candidate = ?', it.candidate)
    .and('interaction = ?', it.interaction)
    .and('received_at >= ?', time(it.from))
    .and('received_at < ?', time(it.to))
    .after(it.before);
  const { rows } = await sql.query<SignalRow>(
    `select id, received_at, candidate, data, ${LIFE} from signal ${where.text} order by received_at desc, id desc limit ${it.limit + 1}`,
    where.values,
  );
  const { page, next } = paged(rows, it.limit);
  return { items: page.map(signalRow), next };
}

export async function readSignal(sql: Sql, id: string): Promise<SignalWithCandidate | null> {
  const { rows } = await sql.query<SignalRow>(
    `select id, received_at, candidate, data, ${LIFE} from signal where id = $1`,
    [id],
  );
  return rows[0] === undefined ? null : signalRow(rows[0]);
}

interface FeedbackRow extends Paged {
  readonly data: Feedback;
  readonly interaction: Feedback['interaction'];
}
const feedbackRow = ({ data, interaction }: FeedbackRow): Feedback => ({
  ...data,
  interaction: interaction ?? data.interaction,
});

export async function findFeedback(
  sql: Sql,
  it: {
    readonly limit: number;
    readonly before?: string | undefined;
    readonly from?: string | undefined;
    readonly to?: string | undefined;
    readonly system?: string | undefined;
    readonly kind?: string | undefined;
    readonly interaction?: string | undefined;
  },
): Promise<{ items: Feedback[]; next: string | null }> {
  const where = new Where()
    .and('system = ?', it.system)
    .and('kind = ?', it.kind)
    .and('interaction = ?', it.interaction)
    .and('received_at >= ?', time(it.from))
    .and('received_at < ?', time(it.to))
    .after(it.before);
  const { rows } = await sql.query<FeedbackRow>(
    `select id, received_at, interaction, data from feedback ${where.text} order by received_at desc, id desc limit ${it.limit + 1}`,
    where.values,
  );
  const { page, next } = paged(rows, it.limit);
  return { items: page.map(feedbackRow), next };
}

export interface SealedPlace {
  readonly batch: number;
  /** Hexadecimal. */
  readonly leaf: string;
  readonly root: string;
  readonly count: number;
  readonly index: number;
}

/** One interaction by our id or by the one its sender gave, and where it is sealed. */
export async function readInteraction(
  sql: Sql,
  named: string,
): Promise<{ interaction: Interaction; sealed: SealedPlace | null } | null> {
  const { rows } = await sql.query<{ id: string; intake: string; data: Interaction }>(
    'select id, intake, data from interaction where id = $1 or given_id = $1 order by (id = $1) desc, received_at desc limit 1',
    [named],
  );
  const row = rows[0];
  if (row === undefined) return null;
  const intakes = await sql.query<{
    id: string;
    ids: string[];
    leaves: string;
    number: number;
    root: string;
    count: number;
  }>(
    `select i.id, i.ids, i.leaves, b.number, b.root, b.count from telemetry_intake own
     join telemetry_batch b on b.number = own.batch join telemetry_intake i on i.batch = own.batch
     where own.id = $1 order by i.id`,
    [row.intake],
  );
  let before = 0;
  for (const it of intakes.rows) {
    const index = it.id === row.intake ? it.ids.indexOf(row.id) : -1;
    if (index >= 0)
      return {
        interaction: row.data,
        sealed: {
          batch: it.number,
          root: it.root,
          count: it.count,
          index: before + index,
          leaf: hex(leavesOf(it.leaves)[index]!),
        },
      };
    before += it.ids.length;
  }
  return { interaction: row.data, sealed: null };
}

/** Records in which something was called, of some systems since a time, oldest first; `more`: there are others. */
export async function interactionsWithCalls(
  sql: Sql,
  it: {
    readonly systems: readonly string[];
    readonly since: Instant;
    readonly agent?: string | undefined;
    readonly limit: number;
  },
): Promise<{ readonly items: readonly Interaction[]; readonly more: boolean }> {
  const { rows } = await sql.query<{ data: Interaction }>(
    `select data from interaction where system = any($1) and received_at >= $2 and data->>'at' >= $2
       and jsonb_typeof(data->'toolCalls') = 'array' and data->'toolCalls' <> '[]'::jsonb
       and ($3::text is null or data->>'agent' = $3)
     order by received_at, id limit $4`,
    [it.systems, it.since, it.agent ?? null, it.limit + 1],
  );
  return { items: rows.slice(0, it.limit).map(({ data }) => data), more: rows.length > it.limit };
}
