/** Larger events are not passed on: they cannot be judged without being held. */
const MOST_EVENT = 4 * 1024 * 1024;

const BREAK = /\r\n\r\n|\n\n|\r\r/;

/** Server-sent events (WHATWG HTML 9.2) cut at their ends; what is handed on is always whole events, byte for byte. */
export class Events {
  private held = '';
  private readonly decoder = new TextDecoder('utf-8', { ignoreBOM: true });

  /** Whole events that came together, each with its break. Throws RangeError for one that is too large. */
  take(chunk: Uint8Array): string[] {
    this.held += this.decoder.decode(chunk, { stream: true });
    const events: string[] = [];
    for (;;) {
      const found = BREAK.exec(this.held);
      if (found === null) break;
      const end = found.index + found[0].length;
      events.push(this.held.slice(0, end));
      this.held = this.held.slice(end);
    }
    if (this.held.length > MOST_EVENT) throw new RangeError('an event is too large');
    return events;
  }

  /** What came after the last break. */
  rest(): string {
    const rest = this.held + this.decoder.decode();
    this.held = '';
    return rest;
  }
}

/** The data of one event; undefined: it has none. */
export function dataOf(event: string): string | undefined {
  const lines = event.split(/\r\n|\n|\r/).filter((line) => line.startsWith('data:'));
  return lines.length === 0 ? undefined : lines.map((line) => line.slice(line[5] === ' ' ? 6 : 5)).join('\n');
}

/** The same event with other data; its id stays, so that a stream can be resumed after it. */
export function withData(event: string, data: string): string {
  const others = event.split(/\r\n|\n|\r/).filter((line) => line !== '' && !line.startsWith('data:'));
  return `${[...others, `data: ${data}`].join('\n')}\n\n`;
}
