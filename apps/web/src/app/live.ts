import type { Recorded } from '@firebreak/core/kernel';
import { learnServerTime } from '../ui/clock.ts';
import { readEventStream, retryDelay } from './event-stream.ts';

/** A recorded fact as the live stream carries it; `incident` where it belongs to one. */
export type LiveFact = Recorded & { readonly incident?: string };
/** Something was measured that is not a fact: new signals, acknowledgements, interactions. */
export interface Hint {
  readonly kind: string;
  readonly system?: string;
}

/** `since`: when the view was last known to be true (local clock). */
export type LiveState =
  | { readonly kind: 'connecting' | 'live' }
  | { readonly kind: 'lost'; readonly since: number; readonly retryAt: number };

/** Silence longer than this means that the connection is gone, even if nobody closed it. */
const SILENCE_MS = 35_000;

let state: LiveState = { kind: 'connecting' };
const stateListeners = new Set<() => void>();
const factListeners = new Set<(fact: LiveFact) => void>();
const hintListeners = new Set<(hint: Hint) => void>();
/** Called after a gap, when what was missed cannot be told apart from what was not. */
const resyncListeners = new Set<() => void>();

export const liveState = (): LiveState => state;

function listenTo<L>(listeners: Set<L>, listener: L): () => void {
  listeners.add(listener);
  return () => {
    listeners.delete(listener);
  };
}
export const onLiveState = (listener: () => void) => listenTo(stateListeners, listener);
export const onFact = (listener: (fact: LiveFact) => void) => listenTo(factListeners, listener);
export const onHint = (listener: (hint: Hint) => void) => listenTo(hintListeners, listener);
export const onResync = (listener: () => void) => listenTo(resyncListeners, listener);

function become(next: LiveState): void {
  state = next;
  for (const listener of stateListeners) listener();
}

let wake: (() => void) | undefined;
/** Tries again at once instead of at the next planned moment. */
export const retryNow = (): void => wake?.();

/** The number of the last fact when this page was served; null: the server, or something before it, does not say. */
function seqOfPage(): string | null {
  const [page] = performance.getEntriesByType('navigation') as PerformanceNavigationTiming[];
  const seq = page?.serverTiming.find(({ name }) => name === 'seq')?.description;
  return seq !== undefined && /^\d+$/.test(seq) ? seq : null;
}

/** Holds one stream open until the signal aborts, resuming after the last fact seen. Never throws. */
export async function stayLive(signal: AbortSignal): Promise<void> {
  let lastSeq = seqOfPage();
  // Without it, what was read before the stream was there may be old already.
  let mayHaveMissed = lastSeq === null;
  let attempt = 0;
  let heardAt = Date.now();
  while (!signal.aborted) {
    const wasLost = state.kind === 'lost';
    try {
      await listenOnce(signal, lastSeq, (seq) => {
        if (seq !== null) lastSeq = seq;
        heardAt = Date.now();
        if (state.kind !== 'live') {
          become({ kind: 'live' });
          if (wasLost || attempt > 0 || mayHaveMissed) for (const listener of resyncListeners) listener();
        }
        attempt = 0;
        mayHaveMissed = false;
      });
    } catch {
      // Refused, cut or silent: all the same to the reader. The state below says so.
    }
    if (signal.aborted) return;
    const delay = retryDelay(attempt, Math.random());
    attempt += 1;
    become({ kind: 'lost', since: heardAt, retryAt: Date.now() + delay });
    await pause(delay, signal);
  }
}

async function listenOnce(
  signal: AbortSignal,
  lastSeq: string | null,
  heard: (seq: string | null) => void,
): Promise<void> {
  const own = new AbortController();
  const stop = () => own.abort();
  signal.addEventListener('abort', stop);
  let silence = setTimeout(stop, SILENCE_MS);
  try {
    const answer = await fetch('/api/v1/live', {
      headers: { accept: 'text/event-stream', ...(lastSeq ? { 'last-event-id': lastSeq } : {}) },
      signal: own.signal,
      cache: 'no-store',
    });
    if (!answer.ok || !answer.body) throw new Error(`live stream answered ${answer.status}`);
    heard(null);
    const read = readEventStream();
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      clearTimeout(silence);
      silence = setTimeout(stop, SILENCE_MS);
      for (const message of read(value)) {
        heard(message.event === 'fact' ? message.id : null);
        deliver(message.event, message.data);
      }
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', stop);
    own.abort();
  }
}

function deliver(event: string, data: string): void {
  if (event === 'fact') {
    const fact: LiveFact = JSON.parse(data);
    for (const listener of factListeners) listener(fact);
  } else if (event === 'telemetry') {
    const hint: Hint = JSON.parse(data);
    for (const listener of hintListeners) listener(hint);
  } else if (event === 'resync') {
    for (const listener of resyncListeners) listener();
  } else if (event === 'ping') {
    const { at } = JSON.parse(data || '{}') as { at?: string };
    if (at) learnServerTime(Date.parse(at));
  }
}

function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener('abort', done);
      window.removeEventListener('online', done);
      wake = undefined;
      resolve();
    };
    const timer = setTimeout(done, ms);
    wake = done;
    signal.addEventListener('abort', done);
    window.addEventListener('online', done);
  });
}
