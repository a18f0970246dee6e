import { randomBytes } from 'node:crypto';
import type { Asking, Verdict } from '@firebreak/core/respond/containment';
import { ASKING_HEADERS, SYSTEM_HEADER } from '@firebreak/guard';
import type { House } from './house.ts';

/** Marks a made-up request of this very process. Nobody else knows the word, so nobody else's request is taken for one. */
export const DOOR_HEADER = 'x-firebreak-made-up';
const ANSWER_MS = 5_000;
/** A made-up text that is longer is judged in the process alone. */
const MOST_TEXT = 1_000_000;
const NO_FILE = { type: 'image_url', image_url: { url: 'data:image/png;base64,' } };

export interface FrontDoor {
  /** The word that marks them. */
  readonly word: string;
  /** Sends a made-up request the way of real ones. Undefined: none of the kind comes through this door. */
  ask(system: string, asking: Asking): Promise<Verdict | undefined>;
}

/** `url` and `house` are asked when the first request is sent: the gateway does not listen before. */
export function openFrontDoor(url: () => string, house: () => House): FrontDoor {
  const word = randomBytes(24).toString('base64url');
  return {
    word,
    async ask(system, { test, model, text = 'Hello', direction, attachments = 0, ...said }) {
      if (direction === 'output' || text.length > MOST_TEXT) return undefined;
      const route = [...house().routes.values()].find((each) => each.system === undefined || each.system === system);
      if (route === undefined) return undefined;
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        [DOOR_HEADER]: test === undefined ? word : `${word} ${test}`,
        [SYSTEM_HEADER]: system,
      };
      for (const [name, header] of Object.entries(ASKING_HEADERS)) {
        const value = said[name as keyof typeof said];
        if (value !== undefined) headers[header] = String(value);
      }
      const content = attachments > 0 ? [{ type: 'text', text }, NO_FILE] : text;
      const answer = await fetch(`${url()}/${route.name}/v1/chat/completions`, {
        method: 'POST',
        headers,
        body: JSON.stringify({ ...(model === undefined ? {} : { model }), messages: [{ role: 'user', content }] }),
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      return answer.ok ? ((await answer.json()) as Verdict) : undefined;
    },
  };
}
