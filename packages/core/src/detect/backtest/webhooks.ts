import {
  ALERT_SEVERITIES,
  ALERT_STATUSES,
  type AlertReading,
  isMembers,
  readAlerts,
  severityOf,
  statusOf,
} from '../signals/index.ts';
import { interval } from './interval.ts';

type Row = Readonly<Record<string, unknown>>;

export interface AlertSeen {
  readonly title: string;
  readonly severity: string;
  readonly status: string;
  readonly dedup_key: string;
}
export type Told =
  | { readonly id: unknown; readonly ok: boolean; readonly signals: readonly AlertSeen[] }
  | { readonly id: unknown; readonly normalised: string | null };

const isWord = (row: Row): boolean => Object.hasOwn(row, 'raw');

const seenIn = (reading: AlertReading): readonly AlertSeen[] =>
  'alerts' in reading
    ? reading.alerts.map(({ title, severity, status, dedupKey }) => ({ title, severity, status, dedup_key: dedupKey }))
    : [];

function wordOf(row: Row, provider: string): string | null {
  if (row.field === 'status') return statusOf(row.raw, provider) ?? 'firing';
  return severityOf(row.raw, provider) ?? 'info';
}

/** What is read from one row: the alerts of a payload, or what a word means. `provider` says who sent it, as an address does. */
export function readHook(row: Row): Told {
  const provider = typeof row.provider === 'string' ? row.provider : '';
  if (isWord(row)) return { id: row.id, normalised: wordOf(row, provider) };
  const signals = seenIn(readAlerts(row.payload, provider));
  return { id: row.id, ok: signals.length > 0, signals };
}

/** The same payload told again as resolved, where it names where it stands. */
function resolved(payload: unknown): unknown {
  if (!isMembers(payload)) return null;
  const alerts = Array.isArray(payload.alerts) ? payload.alerts.map(resolved) : payload.alerts;
  const word = ['status', 'state'].find((name) => typeof payload[name] === 'string');
  if (word === undefined && alerts === payload.alerts) return { ...payload, status: 'resolved' };
  return { ...payload, ...(alerts !== undefined && { alerts }), ...(word !== undefined && { [word]: 'resolved' }) };
}

/** A payload as it may come damaged: cut off, or with a member of another kind than it should be. */
function damaged(payload: unknown): unknown[] {
  const text = JSON.stringify(payload) ?? '';
  const cut = [text.slice(0, text.length >> 1), '', null, [], [payload, null], 7];
  if (!isMembers(payload)) return cut;
  return [
    ...cut,
    ...Object.keys(payload).flatMap((name) =>
      [null, 7, 'x', [], {}, [null]].map((wrong) => ({ ...payload, [name]: wrong })),
    ),
  ];
}

/** Payloads that are damaged in every way: each is read about a hundred times. */
const MOST_DAMAGED = 200;

/** How many of these payloads, whole and damaged, break what reads them. */
function brokenBy(rows: readonly Row[]): { readonly tried: number; readonly broken: number } {
  let tried = 0;
  let broken = 0;
  for (const row of rows.slice(0, MOST_DAMAGED))
    for (const payload of [row.payload, ...damaged(row.payload)]) {
      tried++;
      try {
        readHook({ ...row, payload });
      } catch {
        broken++;
      }
    }
  return { tried, broken };
}

const share = (right: number, all: number): number => (all === 0 ? 1 : right / all);

/**
 * Words: share right, and without being told who sent them, which is what a product nobody has seen gets. By provider:
 * the mean and the worst, since the rows of one provider stand and fall together. Payloads: accepted, normalised, equal
 * when sent again, and closed by the same payload told as resolved; and how many, whole and damaged, break what reads them.
 */
export function scoreHooks(told: readonly Told[], rows: readonly Row[]): Record<string, number | string> {
  const words = rows.flatMap((row, i) =>
    isWord(row) && typeof row.normalised === 'string' ? [{ row, told: told[i] as { normalised: string | null } }] : [],
  );
  const byProvider = new Map<string, { right: number; all: number }>();
  let unnamed = 0;
  for (const { row, told: it } of words) {
    const held = byProvider.get(String(row.provider)) ?? { right: 0, all: 0 };
    held.all++;
    if (it.normalised === row.normalised) held.right++;
    if (wordOf(row, '') === row.normalised) unnamed++;
    byProvider.set(String(row.provider), held);
  }
  const shares = [...byProvider].map(([provider, it]) => ({ provider, right: share(it.right, it.all) }));
  const worst = shares.reduce((a, b) => (b.right < a.right ? b : a), { provider: '', right: 1 });
  const payloads = rows.flatMap((row, i) =>
    isWord(row) ? [] : [{ row, told: told[i] as Told & { signals: readonly AlertSeen[] } }],
  );
  const normalised = payloads.filter(({ told: { signals } }) =>
    signals.every(
      (it) =>
        it.title !== '' &&
        (ALERT_SEVERITIES as readonly string[]).includes(it.severity) &&
        (ALERT_STATUSES as readonly string[]).includes(it.status),
    ),
  );
  const closed = payloads.filter(({ row, told: { signals } }) => {
    const again = readHook({ ...row, payload: resolved(row.payload) });
    return (
      'signals' in again &&
      again.signals.length === signals.length &&
      again.signals.every((it, i) => it.status === 'resolved' && it.dedup_key === signals[i]!.dedup_key)
    );
  });
  const accepted = payloads.filter(({ told: { signals } }) => signals.length > 0);
  const { tried, broken } = brokenBy(payloads.map(({ row }) => row));
  const right = [...byProvider.values()].reduce((sum, it) => sum + it.right, 0);
  return {
    payloads: payloads.length,
    accepted: share(accepted.length, payloads.length),
    ...(payloads.length > 0 && {
      accepted_interval: interval(accepted.length, payloads.length),
      normalised_interval: interval(normalised.length, payloads.length),
    }),
    normalised: share(normalised.length, payloads.length),
    same_key_when_resolved: share(closed.length, payloads.length),
    tried_whole_and_damaged: tried,
    broken,
    words: words.length,
    words_right: share(right, words.length),
    words_right_provider_unknown: share(unnamed, words.length),
    ...(words.length > 0 && {
      words_right_interval: interval(right, words.length),
      words_right_provider_unknown_interval: interval(unnamed, words.length),
    }),
    providers: byProvider.size,
    mean_by_provider: share(
      shares.reduce((sum, it) => sum + it.right, 0),
      shares.length,
    ),
    worst_provider: worst.provider === '' ? 'none' : `${worst.provider} ${worst.right.toFixed(2)}`,
  };
}
