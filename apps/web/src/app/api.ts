import { createClient, Problem, Unreachable } from '@firebreak/client';
import { learnServerTime } from '../ui/clock.ts';
import { withFresh } from './fresh.ts';

const MINUTE_OFF_MS = 60_000;

/** The `Date` of every answer corrects a browser clock that is far off; the live stream does it finer. */
const listening: typeof fetch = async (input, init) => {
  const answer = await fetch(input, init);
  const server = Date.parse(answer.headers.get('date') ?? '');
  if (Math.abs(server - Date.now()) > MINUTE_OFF_MS) learnServerTime(server);
  return answer;
};

const plain = createClient({ baseUrl: '', fetch: listening });
export const client: typeof plain = {
  ...plain,
  call: (endpoint, given, options) => withFresh(() => plain.call(endpoint, given, options)),
};

/** What to tell a person about a failure: what happened, what to do, and where to read on. */
export interface Told {
  readonly title: string;
  readonly detail: string;
  readonly code: string | null;
  readonly requestId: string | null;
  /** Problems of single members, by RFC 6901 pointer without the leading slash. */
  readonly fields: Readonly<Record<string, string>>;
}

export function tell(error: unknown): Told {
  if (error instanceof Problem)
    return {
      title: error.title,
      detail: error.detail,
      code: error.code,
      requestId: error.status >= 500 ? error.requestId : null,
      fields: Object.fromEntries(error.errors.map(({ pointer, detail }) => [pointer.replace(/^#?\//, ''), detail])),
    };
  if (error instanceof Unreachable)
    return {
      title: 'The server does not answer',
      detail:
        'Check that Firebreak is running and that you are connected. Guards keep enforcing what was ordered. Nothing you typed is lost; try again.',
      code: null,
      requestId: null,
      fields: {},
    };
  return {
    title: 'Something went wrong on this screen',
    detail: error instanceof Error ? error.message : String(error),
    code: null,
    requestId: null,
    fields: {},
  };
}

export const isCode = (error: unknown, code: string): boolean => error instanceof Problem && error.code === code;
export const isSignedOut = (error: unknown): boolean => error instanceof Problem && error.code === 'session.missing';
