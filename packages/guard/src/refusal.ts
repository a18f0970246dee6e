import type { Verdict } from '@firebreak/core/respond/containment';

/** A call to a vendor cannot wait for a person; whoever can wait asks the guard before it is made. */
export const AWAITS_REVIEW = 'A person has to look first.';

export interface RefusalParts {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/**
 * The answer to a contained request: an RFC 9457 problem that carries the vendor's `error` member too, where SDKs look for
 * the message. 403 (429 when a limit is used up) and `x-should-retry: false` make it one attempt in the OpenAI and Anthropic SDKs.
 */
export function refusalOf(verdict: Verdict, detail?: string): RefusalParts {
  const message = verdict.message ?? 'This function is paused at the moment.';
  const { retryAfterMs } = verdict;
  const status = retryAfterMs === undefined ? 403 : 429;
  const by = verdict.control ?? verdict.hold ?? 'fail-mode';
  return {
    status,
    headers: {
      'content-type': 'application/problem+json',
      'x-should-retry': 'false',
      'cache-control': 'no-store',
      ...(retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) }),
      'x-firebreak-control': by,
      'x-firebreak-epoch': String(verdict.epoch),
    },
    body: JSON.stringify({
      type: '/problems/containment.denied',
      title: 'This function is contained',
      status,
      detail: detail ?? message,
      hold: verdict.hold,
      control: verdict.control,
      incident: verdict.incident,
      error: { message, type: 'contained', code: 'containment.denied', param: null },
    }),
  };
}
