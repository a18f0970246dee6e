/** What a person is to decide: an answer before it is given (`text`), or a call before it is made (`tool`, `arguments`). */
export interface ReviewAsked {
  readonly system?: string | undefined;
  readonly feature?: string | undefined;
  readonly subject?: string | undefined;
  readonly hold?: string | undefined;
  readonly incident?: string | undefined;
  /** Which reviewers, as the verdict names them; empty: those of the system. */
  readonly queue?: string;
  /** What was asked of the system, for the reviewer to read. */
  readonly question?: string;
  readonly text?: string;
  readonly tool?: string;
  readonly arguments?: unknown;
}

export interface ReviewDecision {
  /** `edited`: say `text` instead. `timed-out`: nobody decided in time; that is no approval. */
  readonly state: 'approved' | 'edited' | 'declined' | 'timed-out';
  readonly review: string;
  readonly text?: string;
  readonly reason?: string;
}

export interface ReviewOptions {
  /** Milliseconds until nobody is waited for any more; five minutes unless said. */
  readonly timeoutMs?: number;
  readonly signal?: AbortSignal;
}

/** Seconds of one request that waits. */
const MOST_WAIT = 25;
const GRACE_MS = 10_000;

interface Door {
  readonly url: string;
  readonly key: string;
  readonly system: string;
  readonly instance: string;
}
interface Answer {
  readonly review: string;
  readonly state: ReviewDecision['state'] | 'pending';
  readonly text?: string;
  readonly reason?: string;
}

/** Submits, and waits for the decision. Rejects when Firebreak cannot be asked: that is no approval either. */
export async function askReview(door: Door, asked: ReviewAsked, options: ReviewOptions = {}): Promise<ReviewDecision> {
  const end = performance.now() + (options.timeoutMs ?? 300_000);
  async function call(path: string, ms: number, body?: object): Promise<Answer> {
    const response = await fetch(`${door.url}/api/v1/guard/reviews${path}`, {
      method: body === undefined ? 'GET' : 'POST',
      headers: {
        authorization: `Bearer ${door.key}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.any([AbortSignal.timeout(ms), ...(options.signal === undefined ? [] : [options.signal])]),
    });
    if (!response.ok) throw new Error(`the server answered ${response.status} when asked for a review`);
    return (await response.json()) as Answer;
  }
  let answer = await call('', GRACE_MS, { system: door.system, instance: door.instance, ...asked });
  while (answer.state === 'pending') {
    const left = end - performance.now();
    if (left <= 0) return { state: 'timed-out', review: answer.review };
    const wait = Math.max(1, Math.min(MOST_WAIT, Math.floor(left / 1_000)));
    answer = await call(`/${encodeURIComponent(answer.review)}?wait=${wait}`, wait * 1_000 + GRACE_MS);
  }
  const { state, review, text, reason } = answer;
  return { state, review, ...(text === undefined ? {} : { text }), ...(reason === undefined ? {} : { reason }) };
}
