import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Client, createClient } from '@firebreak/client';
import type { Command } from 'commander';
import { asPerson } from './person.ts';

/** Exit codes, a promise of the command line. */
export const EXIT = { done: 0, no: 1, usage: 2, unreachable: 3 } as const;

/** The answer is no: a gate is closed, a verification failed. Already said to the user. */
export class AnswerIsNo extends Error {}
/** The command or its input is wrong; the message says what to do. */
export class BadInput extends Error {}

export interface Column<R> {
  readonly head: string;
  readonly of: (row: R) => unknown;
}

/** What every command gets. */
export interface Cli {
  /** Talks to the server named by FIREBREAK_URL with the key in FIREBREAK_KEY, or the key of a server on this machine. */
  client(): Client;
  /** For what anybody may do: no key is needed, and none is sent. */
  anonymous(): Client;
  /** With the key, or, where an e-mail address is given, signed in as that person for the time of the work. */
  as<T>(email: string | undefined, work: (client: Client) => Promise<T>): Promise<T>;
  /** Where the server is and the key to it, as `client` uses them. */
  server(): { readonly url: string; readonly key: string };
  /** A secret that belongs in no list of processes: the value of an environment variable, which must not be empty. */
  secretFrom(variable: string): string;
  /** A table for people; JSON when piped or asked for with --json. `value` is the JSON. */
  table<R>(rows: readonly R[], columns: readonly Column<R>[], value: unknown): void;
  /** One JSON object on a line of its own, for people and programs alike. */
  record(value: object): void;
  /** A sentence for people, or the value as JSON. */
  say(sentence: string, value: unknown): void;
}

/** Each slice of the command line adds its commands. */
export type Register = (program: Command, cli: Cli) => void;

export interface Streams {
  readonly out: { write(text: string): unknown; readonly isTTY?: boolean };
  readonly env: Readonly<Record<string, string | undefined>>;
}

export function createCli({ out, env }: Streams, wantsJson: () => boolean): Cli {
  const json = () => wantsJson() || out.isTTY !== true;
  const address = () => env.FIREBREAK_URL ?? `http://127.0.0.1:${env.FIREBREAK_PORT ?? 7373}`;
  function server() {
    const url = address();
    const key = env.FIREBREAK_KEY ?? localKey(env);
    if (key === undefined)
      throw new BadInput(
        'No API key. Set FIREBREAK_KEY (create one under Settings), or run this in the folder of a local server.',
      );
    return { url, key };
  }
  function client() {
    const { url, key } = server();
    return createClient({ baseUrl: url, key });
  }
  return {
    server,
    client,
    anonymous: () => createClient({ baseUrl: address() }),
    async as(email, work) {
      if (email === undefined) return work(client());
      if (env.FIREBREAK_PASSWORD === undefined && process.stdin.isTTY !== true)
        throw new BadInput('Nobody is there to give a password. Set FIREBREAK_PASSWORD, or run this in a terminal.');
      return asPerson(address(), email, env.FIREBREAK_PASSWORD, work);
    },
    secretFrom(variable) {
      const value = env[variable];
      if (!value) throw new BadInput(`The environment variable ${variable} is empty. Put the value there first.`);
      return value;
    },
    table(rows, columns, value) {
      if (json()) out.write(`${JSON.stringify(value, null, 2)}\n`);
      else out.write(rows.length === 0 ? 'none\n' : layOut(rows, columns));
    },
    record(value) {
      out.write(`${JSON.stringify(value)}\n`);
    },
    say(sentence, value) {
      out.write(json() ? `${JSON.stringify(value, null, 2)}\n` : `${sentence}\n`);
    },
  };
}

function localKey(env: Readonly<Record<string, string | undefined>>): string | undefined {
  try {
    return readFileSync(join(env.FIREBREAK_DATA ?? './data', 'keys/local.key'), 'utf8').trim();
  } catch {
    return undefined;
  }
}

function layOut<R>(rows: readonly R[], columns: readonly Column<R>[]): string {
  const cells = rows.map((row) => columns.map((column) => String(column.of(row) ?? '—')));
  const widths = columns.map((column, i) => Math.max(column.head.length, ...cells.map((row) => row[i]!.length)));
  const line = (row: readonly string[]) =>
    row
      .map((cell, i) => cell.padEnd(widths[i]!))
      .join('  ')
      .trimEnd();
  return `${[columns.map((column) => column.head.toUpperCase()), ...cells].map(line).join('\n')}\n`;
}
