import { type Instant, instant } from '../../../../kernel/index.ts';
import type { AlertSeverity, AlertStatus } from './words.ts';

/** What another product says on its webhook, read: before it is a signal. */
export interface Alert {
  /** At most 300 characters, one line. */
  readonly title: string;
  /** Whatever else it says for people; at most 1,500 characters. */
  readonly text: string;
  readonly severity: AlertSeverity;
  /** Whether the product named a severity; where it did not, `severity` is a guess. */
  readonly severityGiven: boolean;
  readonly status: AlertStatus;
  /** The same for everything that is told of one condition; at most 255 characters. */
  readonly dedupKey: string;
  /** When the condition began, by the sender's clock. */
  readonly at: Instant | null;
  /** When it ended, where the product says so. */
  readonly endedAt: Instant | null;
  /** Where a person can look. */
  readonly url: string | null;
  /** What it is about: host, service, component. */
  readonly source: string | null;
  readonly labels: Readonly<Record<string, string>>;
}

/** Alerts, or what is wrong with the payload. `ignored` says why there is nothing in it for us. */
export type AlertReading =
  | { readonly alerts: readonly Alert[]; readonly leftOut: number }
  | { readonly ignored: string }
  | { readonly unreadable: string };

/** One product's way of saying it. A new dialect is one file with one of these, and one line in the registry. */
export interface AlertDialect {
  readonly product: string;
  /** Whether a payload is of this form. */
  readonly speaks: (payload: Members) => boolean;
  readonly read: (payload: Members, event: string | null) => AlertReading;
}

export const ALERT_LIMITS = { alerts: 500, title: 300, text: 1_500, key: 255, labels: 50, label: 300 } as const;

export type Members = Readonly<Record<string, unknown>>;
export const isMembers = (it: unknown): it is Members => typeof it === 'object' && it !== null && !Array.isArray(it);

/** A member some levels down, or undefined. */
export function within(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((it, name) => (isMembers(it) && Object.hasOwn(it, name) ? it[name] : undefined), value);
}

/** The first of these that is a text with something in it, or a number. */
export function textOf(...values: readonly unknown[]): string | null {
  for (const value of values) {
    if (typeof value === 'string' && value.trim() !== '') return value.trim();
    if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  }
  return null;
}

export const listOf = (value: unknown, most: number): readonly unknown[] =>
  Array.isArray(value) ? value.slice(0, most) : [];

const cut = (text: string, most: number): string => (text.length > most ? `${text.slice(0, most - 1)}…` : text);
const oneLine = (text: string): string => cut(text.replace(/\s+/g, ' ').trim(), ALERT_LIMITS.title);

const EARLIEST = Date.UTC(2001, 0, 1);
const LATEST = Date.UTC(2200, 0, 1);

/**
 * A time in the forms products send: ISO 8601, `2026-11-20 10:00:00 +0000 UTC`, seconds or milliseconds since the epoch.
 * Year 1 and 0 mean "not yet", and read as null, as does anything without a zone.
 */
export function momentOf(value: unknown): Instant | null {
  if (typeof value === 'number' || (typeof value === 'string' && /^\d{9,14}(\.\d+)?$/.test(value))) {
    const given = Number(value);
    const ms = given > 1e11 ? given : given * 1_000;
    return ms > EARLIEST && ms < LATEST ? instant(Math.floor(ms)) : null;
  }
  if (typeof value !== 'string' || value.length > 60) return null;
  const plain = value
    .trim()
    .replace(/^(\d{4}-\d\d-\d\d) (\d\d:\d\d)/, '$1T$2')
    .replace(/ ?UTC$/, 'Z')
    .replace(/ ?([+-]\d\d)[.:]?(\d\d)Z?$/, '$1:$2')
    .replace(/(\.\d{3})\d+/, '$1');
  if (!/(?:Z|[+-]\d\d:\d\d)$/.test(plain)) return null;
  const ms = Date.parse(plain);
  return ms > EARLIEST && ms < LATEST ? instant(ms) : null;
}

export function webLink(...values: readonly unknown[]): string | null {
  const found = values.find((value) => typeof value === 'string' && /^https?:\/\/\S+$/.test(value));
  return typeof found === 'string' && found.length <= 1_000 ? found : null;
}

/**
 * Labels in the forms products send: an object, `["team:ml"]`, `"team:ml,env:prod"`, `[["team", "ml"]]`,
 * `[{"tag": "team", "value": "ml"}]`.
 */
export function labelsOf(...values: readonly unknown[]): Record<string, string> {
  const labels = new Map<string, string>();
  const add = (key: unknown, value: unknown) => {
    const text = typeof value === 'boolean' ? String(value) : textOf(value);
    if (typeof key !== 'string' || key.trim() === '' || text === null || labels.size >= ALERT_LIMITS.labels) return;
    const name = key.trim().slice(0, 100);
    if (!labels.has(name)) labels.set(name, text.slice(0, ALERT_LIMITS.label));
  };
  const addPair = (text: string) => {
    const colon = text.search(/[:=]/);
    if (colon > 0) add(text.slice(0, colon), text.slice(colon + 1));
    else add(text, 'true');
  };
  for (const value of values) {
    if (typeof value === 'string') for (const part of value.slice(0, 5_000).split(',')) addPair(part.trim());
    else if (Array.isArray(value))
      for (const member of value.slice(0, 200)) {
        if (typeof member === 'string') addPair(member);
        else if (Array.isArray(member)) add(member[0], member[1]);
        else if (isMembers(member)) add(member.tag ?? member.key ?? member.name, member.value);
      }
    else if (isMembers(value)) for (const [key, member] of Object.entries(value).slice(0, 200)) add(key, member);
  }
  return Object.fromEntries(labels);
}

/** 64 bits of a text as hexadecimal: two FNV-1a lanes. Not for secrets. */
export function shortHash(text: string): string {
  let a = 0x811c9dc5;
  let b = 0x01000193;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    a = Math.imul(a ^ unit, 0x01000193);
    b = Math.imul(b ^ (unit + i), 0x85ebca6b);
  }
  return (a >>> 0).toString(16).padStart(8, '0') + (b >>> 0).toString(16).padStart(8, '0');
}

/** Labels that name the condition, as one short text: the order does not matter. */
export const keyOfLabels = (labels: Readonly<Record<string, string>>): string =>
  shortHash(
    Object.entries(labels)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${value}`)
      .join('\n'),
  );

/** An alert with its bounds kept: long texts cut, a key that is too long shortened but still its own. */
export function alertOf(it: Omit<Alert, 'title' | 'text'> & { title: string; text: string | null }): Alert {
  const { dedupKey } = it;
  return {
    ...it,
    title: oneLine(it.title),
    text: cut((it.text ?? '').trim(), ALERT_LIMITS.text),
    dedupKey:
      dedupKey.length > ALERT_LIMITS.key
        ? `${dedupKey.slice(0, ALERT_LIMITS.key - 17)}~${shortHash(dedupKey)}`
        : dedupKey,
    source: it.source?.slice(0, 200) ?? null,
  };
}
