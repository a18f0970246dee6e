import {
  addressOf,
  type Item,
  isUnreadable,
  type MonitorDescription,
  readItems,
} from '@firebreak/core/detect/monitors';
import type { Instant } from '@firebreak/core/kernel';
import { type Deps, type Fetched, outboundOf, retryAfterMs, VERSION } from '../../platform/index.ts';
import { readAnswer } from './read-answer.ts';

const LIMITS = { timeoutMs: 15_000, mostBytes: 2 * 1024 * 1024, redirects: 3 };

/** Marks the source gave with its last answer. */
export interface Marks {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export interface Look {
  readonly status: number | null;
  /** What it told of; null: nothing new since the last time, or a fault. */
  readonly items: readonly Item[] | null;
  /** Why it could not be understood, a sentence. */
  readonly fault: string | null;
  readonly marks: Marks;
  readonly retryAfterMs: number | null;
}

const NO_MARKS: Marks = { etag: null, lastModified: null };
const sentence = (text: string): string => {
  const whole = `${text.charAt(0).toUpperCase()}${text.slice(1)}`.slice(0, 300);
  return /[.!?]$/.test(whole) ? whole : `${whole}.`;
};

function faultOf({ status }: Fetched): string | null {
  if (status === 200) return null;
  if (status === 429) return 'It asks to be asked less often (429).';
  if (status === 401 || status === 403) return `It does not let Firebreak read this (${status}).`;
  if (status === 404 || status === 410) return `There is nothing at this address (${status}).`;
  if (status >= 500) return `It has trouble of its own (${status}).`;
  return `It answers with status ${status}.`;
}

/** Asks the source once, politely. Never throws: what went wrong is a sentence. */
export async function ask(deps: Deps, monitor: MonitorDescription, marks: Marks, now: Instant): Promise<Look> {
  const none = { items: null, marks: NO_MARKS, retryAfterMs: null };
  let answer: Fetched;
  try {
    answer = await outboundOf(deps).get(
      addressOf(monitor)!,
      {
        accept: 'application/json, application/rss+xml, application/atom+xml, application/xml;q=0.9, text/xml;q=0.9',
        'user-agent': `firebreak-monitor/${VERSION}`,
        ...(marks.etag !== null && { 'if-none-match': marks.etag }),
        ...(marks.lastModified !== null && { 'if-modified-since': marks.lastModified }),
      },
      LIMITS,
    );
  } catch (error) {
    return { ...none, status: null, fault: sentence(String(error instanceof Error ? error.message : error)) };
  }
  const { status, headers, body } = answer;
  if (status === 304) return { ...none, status, fault: null, marks };
  const fault = faultOf(answer);
  if (fault !== null) return { ...none, status, fault, retryAfterMs: retryAfterMs(headers['retry-after'], now) };
  const answered = readAnswer(body);
  const items = isUnreadable(answered) ? answered : readItems(monitor.kind, answered, monitor.paths);
  // Marks of an answer nobody understood would make the next look say "nothing new".
  if (isUnreadable(items)) return { ...none, status, fault: items.unreadable };
  return {
    status,
    items,
    fault: null,
    marks: {
      etag: headers.etag?.slice(0, 500) ?? null,
      lastModified: headers['last-modified']?.slice(0, 100) ?? null,
    },
    retryAfterMs: null,
  };
}
