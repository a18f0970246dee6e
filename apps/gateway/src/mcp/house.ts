import type { IncomingHttpHeaders } from 'node:http';
import { askingFrom, SYSTEM_HEADER } from '@firebreak/guard/calls';
import { type Interaction, word } from '../interaction.ts';
import type { Vendor } from '../vendor.ts';
import type { Judge, McpGuard, Place } from './judge.ts';
import type { Offered } from './offered.ts';
import type { McpServerOptions } from './options.ts';

/** One MCP server, the names its lists have shown, and what it offered to whom. */
export interface McpServer {
  readonly name: string;
  readonly options: McpServerOptions;
  readonly upstream: Vendor;
  readonly seen: Set<string>;
  readonly offered: Offered;
}

export interface McpHouse {
  readonly judge: Judge;
  readonly guard: McpGuard;
  readonly record: ((interaction: Interaction) => void) | undefined;
  readonly system: string | undefined;
  readonly bodyLimit: number;
  readonly deny: 'error' | 'result';
  readonly callMs: number;
  /** What marks made-up calls of this process: they are judged as every other, and answered with the verdict. */
  readonly doorWord: string;
}

export const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

/** Whose calls come with these headers; undefined: they do not say of which system. What is configured is not overruled. */
export function placeOf(
  house: McpHouse,
  { name, options }: McpServer,
  headers: IncomingHttpHeaders,
): Place | undefined {
  const system = options.system ?? word(one(headers[SYSTEM_HEADER])) ?? house.system;
  if (system === undefined) return undefined;
  const asking = askingFrom((each) => one(headers[each]));
  return {
    server: name,
    system,
    agent: options.agent ?? word(asking.agent),
    credential: options.credential ?? word(asking.credential),
    feature: options.feature ?? word(asking.feature),
    subject: word(asking.subject),
  };
}

/** To whom a list is offered, the narrowest name first. A session has its own; a call without one belongs to its agent. */
export const offeredTo = ({ system, agent, credential }: Place, session: string | undefined): readonly string[] => {
  const place = JSON.stringify([system, agent ?? null, credential ?? null]);
  return session === undefined ? [place] : [`${place} ${session}`, place];
};
