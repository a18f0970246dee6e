import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Client } from './options.ts';

/** Who a request is of, as the key says that came with it. */
export type Known = Omit<Client, 'secret'>;

/** Where the SDKs of vendors put a key. */
const KEY_HEADERS = ['x-firebreak-key', 'authorization', 'x-api-key', 'api-key', 'x-goog-api-key'] as const;
const MOST_REMEMBERED = 10_000;
const SECRET_LIMIT = 1_000;

export const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

/** The keys that the configuration names, and those that Firebreak has given. Only hashes are held. */
export class Clients {
  private configured: ReadonlyMap<string, Known> = new Map();
  private given: ReadonlyMap<string, Known> = new Map();
  private readonly remembered = new Map<string, Known | null>();
  readonly lastUsed = new Map<string, number>();

  configure(clients: readonly Client[]): void {
    this.configured = new Map(clients.map(({ secret, ...known }) => [hashOf(secret), known]));
    this.remembered.clear();
  }

  /** From Firebreak: SHA-256 of the key and its name. */
  give(keys: readonly { readonly hash: string; readonly name: string }[]): void {
    this.given = new Map(keys.map(({ hash, name }) => [hash, { name }]));
    this.remembered.clear();
  }

  get names(): string[] {
    return [...new Set([...this.configured.values(), ...this.given.values()].map(({ name }) => name))];
  }

  /** Whoever brings a key the gateway knows; undefined for every other. */
  in(headers: IncomingHttpHeaders): Known | undefined {
    if (this.configured.size === 0 && this.given.size === 0) return undefined;
    for (const header of KEY_HEADERS) {
      const value = headers[header];
      if (typeof value !== 'string' || value === '' || value.length > SECRET_LIMIT) continue;
      const known = this.of(header === 'authorization' ? value.replace(/^Bearer +/i, '') : value);
      if (known !== null) return known;
    }
    return undefined;
  }

  private of(secret: string): Known | null {
    let known = this.remembered.get(secret);
    if (known === undefined) {
      const hash = hashOf(secret);
      known = this.configured.get(hash) ?? this.given.get(hash) ?? null;
      if (this.remembered.size >= MOST_REMEMBERED) this.remembered.clear();
      this.remembered.set(secret, known);
    }
    if (known !== null) this.lastUsed.set(known.name, Date.now());
    return known;
  }
}
