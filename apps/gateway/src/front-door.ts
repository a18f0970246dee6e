import { randomBytes } from 'node:crypto';
import type { Asking, Verdict } from '@firebreak/core/respond/containment';
import { ASKING_HEADERS, SYSTEM_HEADER } from '@firebreak/guard/calls';
import type { House } from './house.ts';
import { DOOR_HEADER } from './made-up.ts';
import type { McpDoor } from './mcp/index.ts';

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

/** What is asked when the first request is sent: the gateway does not listen before. */
export interface Behind {
  url(): string;
  house(): House;
  mcp(): McpDoor | undefined;
}

export function openFrontDoor(behind: Behind): FrontDoor {
  const word = randomBytes(24).toString('base64url');
  return {
    word,
    async ask(system, { test, model, text = 'Hello', direction, attachments = 0, ...said }) {
      if (direction === 'output' || text.length > MOST_TEXT) return undefined;
      const headers: Record<string, string> = {
        'content-type': 'application/json',
        accept: 'application/json, text/event-stream',
        [DOOR_HEADER]: test === undefined ? word : `${word} ${test}`,
        [SYSTEM_HEADER]: system,
      };
      for (const [name, header] of Object.entries(ASKING_HEADERS)) {
        const value = said[name as keyof typeof said];
        if (value !== undefined) headers[header] = String(value);
      }
      const send = async (path: string, body: object) => {
        const signal = AbortSignal.timeout(ANSWER_MS);
        const given = { method: 'POST', headers, body: JSON.stringify(body), signal };
        const answer = await fetch(`${behind.url()}${path}`, given);
        return answer.ok ? ((await answer.json()) as Verdict) : undefined;
      };
      const called = said.tool === undefined ? undefined : behind.mcp()?.pathFor(system, said);
      if (called !== undefined)
        return send(called, {
          jsonrpc: '2.0',
          id: 1,
          method: 'tools/call',
          params: { name: said.tool, arguments: {} },
        });
      const route = [...behind.house().routes.values()].find(({ system: of }) => of === undefined || of === system);
      if (route === undefined) return undefined;
      const content = attachments > 0 ? [{ type: 'text', text }, NO_FILE] : text;
      return send(`/${route.name}/v1/chat/completions`, {
        ...(model === undefined ? {} : { model }),
        messages: [{ role: 'user', content }],
      });
    },
  };
}
