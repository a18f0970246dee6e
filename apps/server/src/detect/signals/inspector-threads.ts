import type { Held, Inspected, Inspector } from './inspector.ts';
import { InspectorThread, ThreadDied, type ThreadOptions } from './inspector-thread.ts';

/** Most interactions and bytes of one message to a thread: what is read again if it dies. */
const MESSAGE = 100;
const MESSAGE_BYTES = 2_000_000;

export interface Threads extends ThreadOptions {
  readonly threads: number;
  /** Is told of every thread that ended while it read. */
  readonly onDeath: (why: string) => void;
}

function messagesOf(records: readonly Held[]): string[][] {
  const messages: string[][] = [];
  let last: string[] = [];
  let bytes = 0;
  for (const { size, text } of records) {
    if (last.length === 0 || last.length >= MESSAGE || bytes + size > MESSAGE_BYTES) {
      last = [];
      bytes = 0;
      messages.push(last);
    }
    last.push(text);
    bytes += size;
  }
  return messages;
}

/**
 * Reads in threads of its own. What a thread was reading when it died is read again; if that kills the next one as well, in
 * halves, until the one interaction that does it stands alone: it is given up, and every other is read.
 */
export function inspectorInThreads({ threads, onDeath, ...options }: Threads): Inspector {
  const all = Array.from({ length: threads }, () => new InspectorThread(options));
  const idlest = () => all.reduce((least, each) => (each.load < least.load ? each : least));

  async function read(texts: readonly string[], again = false): Promise<readonly Inspected[]> {
    try {
      return await idlest().ask(texts);
    } catch (error) {
      if (!(error instanceof ThreadDied)) throw error;
      onDeath(error.message);
      if (!again) return read(texts, true);
      if (texts.length === 1) return [{ failed: error.message, by: error.detector }];
      const half = texts.length >> 1;
      return [...(await read(texts.slice(0, half), true)), ...(await read(texts.slice(half), true))];
    }
  }

  return {
    read: async (records) => (await Promise.all(messagesOf(records).map((texts) => read(texts)))).flat(),
    async close() {
      await Promise.all(all.map((each) => each.close()));
    },
  };
}
