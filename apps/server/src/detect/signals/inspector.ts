import { type Aids, inspect, signalOf } from '@firebreak/core/detect/detectors';
import type { Interaction } from '@firebreak/core/detect/signals';

/** A record as it is kept. What goes to another thread goes as text. */
export interface Held {
  readonly id: string;
  /** Read when it is first asked for: what waits for the detectors waits as bytes, which are not searched for garbage. */
  readonly data: Interaction;
  /** Bytes of the text. */
  readonly size: number;
  readonly text: string;
}

export function heldAs({ id, size, text }: { id: string; size: number; text: () => string }): Held {
  let data: Interaction | undefined;
  return {
    id,
    get data() {
      data ??= JSON.parse(text()) as Interaction;
      return data;
    },
    size,
    get text() {
      return text();
    },
  };
}

/** What the detectors made of one interaction: the signals it raises, or why they could not read it. */
export type Inspected = { readonly raised: readonly ReturnType<typeof signalOf>[] } | { readonly failed: string };

/** Reads interactions with all local detectors, wherever that happens. */
export interface Inspector {
  /** One answer for each, in their order. Rejects where nothing was read; asking again does no harm. */
  read(records: readonly Held[]): Promise<readonly Inspected[]>;
  close(): Promise<void>;
}

/** One interaction, read where this is called. A detector that breaks off fails this interaction and no other. */
export function inspectOne(data: Interaction, aids: Aids): Inspected {
  try {
    return { raised: inspect(data, aids).map((finding) => signalOf(finding, data, aids)) };
  } catch (error) {
    return { failed: String(error instanceof Error ? error.message : error).slice(0, 300) };
  }
}

/** The detectors let go of the event loop after so long. */
const BREATH_MS = 8;

/** Reads in this thread, and lets others have their turn in between. */
export const inspectorHere = (aids: Aids): Inspector => ({
  async read(records) {
    const read: Inspected[] = [];
    let breathedAt = performance.now();
    for (const { data } of records) {
      read.push(inspectOne(data, aids));
      if (performance.now() - breathedAt <= BREATH_MS) continue;
      await new Promise((resolve) => setImmediate(resolve));
      breathedAt = performance.now();
    }
    return read;
  },
  close: async () => undefined,
});
