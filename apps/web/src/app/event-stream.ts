/** One message of a server-sent event stream (WHATWG HTML, section 9.2.6). */
export interface StreamMessage {
  readonly event: string;
  readonly data: string;
  /** The last id seen on the stream so far. */
  readonly id: string | null;
}

const MOST_PENDING = 4 * 1024 * 1024;

/**
 * Reads a stream chunk by chunk: hand over text as it arrives, get the messages that are complete.
 * Throws RangeError when a message grows past 4 MiB without ending.
 */
export function readEventStream(): (chunk: string) => StreamMessage[] {
  let pending = '';
  let event = '';
  let data: string[] = [];
  let id: string | null = null;

  const line = (text: string, out: StreamMessage[]): void => {
    if (text === '') {
      if (data.length > 0) out.push({ event: event || 'message', data: data.join('\n'), id });
      event = '';
      data = [];
      return;
    }
    if (text.startsWith(':')) return;
    const colon = text.indexOf(':');
    const field = colon === -1 ? text : text.slice(0, colon);
    const value = colon === -1 ? '' : text.slice(colon + (text[colon + 1] === ' ' ? 2 : 1));
    if (field === 'event') event = value;
    else if (field === 'data') data.push(value);
    else if (field === 'id' && !value.includes('\0')) id = value;
  };

  return (chunk) => {
    const out: StreamMessage[] = [];
    pending += chunk;
    if (pending.length > MOST_PENDING) throw new RangeError('a live message is larger than 4 MiB');
    for (;;) {
      const end = /\r\n|\n|\r(?!$)/.exec(pending);
      if (!end) return out;
      line(pending.slice(0, end.index), out);
      pending = pending.slice(end.index + end[0].length);
    }
  };
}

/** How long to wait before trying again, milliseconds: doubling from half a second to ten, with jitter in [½, 1]. */
export function retryDelay(attempt: number, random: number): number {
  return Math.round(Math.min(10_000, 500 * 2 ** Math.min(attempt, 10)) * (0.5 + random / 2));
}
