import {
  type Item,
  isSameStory,
  itemKeys,
  type Monitor,
  type MonitorDescription,
  type MonitorKind,
  type Relevance,
  relevanceOf,
  titleWords,
  tooOld,
} from '@firebreak/core/detect/monitors';
import { duty } from '@firebreak/core/detect/signals';
import { addMs, earlier, type Instant } from '@firebreak/core/kernel';
import type { Deps, Sql } from '../../platform/index.ts';
import { vendorsInUse } from '../../prepare/vendors/index.ts';
import { type Raised, storeSignals, type TakingOut } from '../signals/index.ts';

const MOST_SYSTEMS = 50;
const MOST_STORIES = 500;
const STORY_MS = 7 * 86_400_000;
const EXCERPT = 400;

/** Whom a monitor speaks of: systems that are told, and the vendor whose page it is. */
export interface About {
  readonly scope: string;
  readonly vendor: string | null;
  readonly systems: readonly string[];
}

export async function aboutOf(
  sql: Sql,
  { system, vendor }: Pick<MonitorDescription, 'system' | 'vendor'>,
  inUse?: Awaited<ReturnType<typeof vendorsInUse>>,
): Promise<About> {
  if (vendor === null) return { scope: system ?? '', vendor: null, systems: system === null ? [] : [system] };
  const known = (inUse ?? (await vendorsInUse(sql))).find(({ id }) => id === vendor);
  const dependants = known?.dependants.map((each) => each.system) ?? [];
  return {
    scope: vendor,
    vendor: known?.name ?? null,
    systems: [...new Set([...(system === null ? [] : [system]), ...dependants])].slice(0, MOST_SYSTEMS),
  };
}

const IMPACT = { critical: 3, major: 2, minor: 1, none: 0 } as const;
const HINT = [null, 4, 3, 2] as const;
const impactOf = ({ status }: Item): number => (status?.impact == null ? 0 : IMPACT[status.impact]);

const MOST_WORDS = 20;
/** What stands in all that a monitor finds; one of several that are enough would tell stories apart. */
const lookedFor = ({ brand, must }: Monitor['keywords']): string[] => [...brand, ...must].slice(0, MOST_WORDS);

/** What a vendor itself calls minor is on its page, and wakes nobody alone. */
const pagesWith = (monitor: Monitor, item: Item): boolean =>
  monitor.pages === true && (monitor.kind !== 'status-page' || impactOf(item) >= IMPACT.major);

const KINDS: Readonly<Record<MonitorKind, string>> = {
  'hacker-news': 'public-report',
  reddit: 'public-report',
  feed: 'public-report',
  json: 'public-report',
  'incident-database': 'public-incident',
  'status-page': 'vendor-incident',
};

function textOf({ title, url, text, status }: Item, vendor: string | null): string {
  const parts = status === null ? [] : [status.state, status.impact && `impact ${status.impact}`, ...status.components];
  const said = parts.filter(Boolean).join(', ');
  const head = vendor === null ? `“${title}”` : `${vendor} reports: “${title}”`;
  return [`${head}${said === '' ? '' : ` (${said})`}`, text.slice(0, EXCERPT), url ?? '']
    .filter(Boolean)
    .join(' ')
    .slice(0, 2_000);
}

export const signalFor = (
  monitor: Monitor,
  about: About,
  system: string,
  item: Item,
  { score, reasons }: Relevance,
  now: Instant,
): Raised => ({
  at: item.at === null ? now : earlier(item.at, now),
  channel: 'external',
  kind: KINDS[monitor.kind],
  detector: `monitor ${monitor.name}`.slice(0, 256),
  rule: reasons.join('; ').slice(0, 256),
  evidenceClass: monitor.kind === 'status-page' || monitor.kind === 'incident-database' ? 'strong' : 'weak',
  score,
  system,
  feature: null,
  deployment: null,
  versions: { model: null, modelAsked: null, prompt: null, index: null, tools: null },
  subjectHash: null,
  archetype: monitor.kind === 'status-page' ? 'vendor-outage' : null,
  severityHint: HINT[impactOf(item)] ?? null,
  text: textOf(item, about.vendor),
  quotes: [],
  interaction: null,
  dedupKey: `monitor|${system}|${item.guid}|${impactOf(item)}`,
  ...(lookedFor(monitor.keywords).length > 0 && { lookedFor: lookedFor(monitor.keywords) }),
  ...(pagesWith(monitor, item) && {
    pagesAlone: duty(`the monitor “${monitor.name}” was told to page with what it finds`),
  }),
});

/** An item as it may be kept of a system. */
const without = (item: Item, system: string, out: TakingOut): Item => ({
  ...item,
  title: out.text(system, item.title),
  text: out.text(system, item.text),
  url: item.url === null ? null : out.text(system, item.url),
});

interface SeenRow {
  readonly id: string;
  readonly guid: string;
  readonly about: string;
  readonly kept: boolean;
  readonly impact: number;
  readonly first_seen_at: Instant;
}
interface StoryRow {
  readonly monitor: string;
  readonly guid: string;
  readonly page: string | null;
  readonly title: string;
  readonly words: readonly string[];
}

/** Judges what came, keeps what is new, and raises a signal for each system concerned. Answers the number of new signals. */
export async function settle(
  tx: Sql,
  deps: Deps,
  monitor: Monitor,
  about: About,
  items: readonly Item[],
  out: TakingOut,
): Promise<number> {
  const now = deps.now();
  const mark = monitor.changedAt;
  const seen = await tx.query<SeenRow>(
    'select id, guid, about, kept, impact, first_seen_at from monitor_item where monitor = $1 and guid = any($2)',
    [monitor.id, items.map((item) => itemKeys(item)[0]!)],
  );
  const known = new Map(seen.rows.map((row) => [row.guid, row]));
  const { rows: stories } = await tx.query<StoryRow>(
    `select monitor, guid, page, data->>'title' as title, words from monitor_item
     where kept and scope = $1 and first_seen_at >= $2 order by first_seen_at desc limit ${MOST_STORIES}`,
    [about.scope, addMs(now, -STORY_MS)],
  );
  const told: StoryRow[] = [...stories];
  const unchanged: string[] = [];
  let raised = 0;
  for (const item of items) {
    const [guid, page] = itemKeys(item) as [string, string | undefined];
    const before = known.get(guid);
    const impact = impactOf(item);
    if (before !== undefined && (before.kept ? impact <= before.impact : before.about === mark)) {
      unchanged.push(before.id);
      continue;
    }
    // What is kept of it may hold nothing that the rule of one of its systems takes out.
    const shown = about.systems.reduce((so, system) => without(so, system, out), item);
    const words = titleWords(shown.title);
    const verdict = judge(monitor, item, told, guid, page ?? null, words, before === undefined, now);
    const signals = verdict.keep
      ? await storeSignals(
          tx,
          deps,
          about.systems.map((system) => signalFor(monitor, about, system, without(item, system, out), verdict, now)),
        )
      : { ids: [], fresh: 0 };
    raised += signals.fresh;
    const reasons =
      verdict.keep && about.systems.length === 0
        ? [...verdict.reasons, 'no system depends on it, so nobody is told']
        : verdict.reasons;
    if (verdict.keep) told.push({ monitor: monitor.id, guid, page: page ?? null, title: shown.title, words });
    const { title, url, at, text } = shown;
    const data = { title, url, at, text: text.slice(0, EXCERPT), score: verdict.score, reasons };
    await tx.query(
      `insert into monitor_item (id, monitor, scope, guid, page, words, first_seen_at, last_seen_at, about, kept, impact, signals, data)
       values ($1, $2, $3, $4, $5, $6::jsonb, $7, $7, $8, $9, $10, $11::jsonb, $12::jsonb)
       on conflict (monitor, guid) do update set last_seen_at = excluded.last_seen_at, about = excluded.about,
         kept = excluded.kept, impact = excluded.impact, signals = monitor_item.signals || excluded.signals, data = excluded.data`,
      [
        deps.mint('mit'),
        monitor.id,
        about.scope,
        guid,
        page ?? null,
        JSON.stringify(words),
        now,
        mark,
        verdict.keep,
        impact,
        JSON.stringify(signals.ids),
        JSON.stringify(data),
      ],
    );
    // An answer may hold an entry twice.
    known.set(guid, { id: '', guid, about: mark, kept: verdict.keep, impact, first_seen_at: now });
  }
  if (unchanged.length > 0)
    await tx.query('update monitor_item set last_seen_at = $2 where id = any($1)', [unchanged, now]);
  return raised;
}

export function judge(
  monitor: Monitor,
  item: Item,
  told: readonly StoryRow[],
  guid: string,
  page: string | null,
  words: readonly string[],
  first: boolean,
  now: Instant,
): Relevance {
  const old = first ? tooOld(monitor.kind, item, now) : null;
  const verdict = relevanceOf(monitor.kind, item, monitor.keywords, monitor.threshold);
  if (!verdict.keep) return verdict;
  if (old !== null) return { ...verdict, keep: false, reasons: [old] };
  // Incidents of a status page have ids of their own, and often the same title.
  if (monitor.kind === 'status-page') return verdict;
  const same = told.find(
    (other) =>
      !(other.monitor === monitor.id && other.guid === guid) &&
      ((page !== null && other.page === page) || isSameStory(words, other.words)),
  );
  return same === undefined
    ? verdict
    : {
        ...verdict,
        keep: false,
        reasons: [`told already: the same ${same.page === page ? 'page' : 'story'} as “${same.title}”`],
      };
}
