import { createPublicKey, verify } from 'node:crypto';
import { mkdir, open, readFile, rename } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type PermissionState, readPermissions, type Tool } from '@firebreak/core/prepare/inventory';
import type { PublicKey } from '@firebreak/guard';

export interface PermissionOptions {
  /** Address of Firebreak. */
  readonly url: string;
  /** API key of scope `guard`. */
  readonly key: string;
  /** A system, or `*`. */
  readonly system: string;
  /** Without them the first key met is pinned, for good where there is a file. */
  readonly trustedKeys?: readonly (string | PublicKey)[];
  /** Where the last signed state is kept. */
  readonly stateFile?: string;
  /** Milliseconds between two questions; 2,000 unless said. */
  readonly pollMs?: number;
}

interface Signed {
  readonly payload: string;
  readonly key: string;
  readonly signature: string;
}
interface Saved {
  readonly schema: 1;
  readonly pinned: readonly PublicKey[];
  readonly signed: Signed;
}

/** What the proxy asks of permissions. */
export interface Granted {
  /** Tools granted to a system; undefined: nothing is known of it here. */
  toolsOf(system: string): readonly Tool[] | undefined;
  onChange(heard: () => void): () => void;
}

const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const ANSWER_MS = 5_000;
const LARGEST = 32 * 1024 * 1024;

function isSignedBy(signed: Signed, { key, publicKey }: PublicKey): boolean {
  if (key !== '' && key !== signed.key) return false;
  try {
    const der = Buffer.concat([SPKI_PREFIX, Buffer.from(publicKey, 'base64')]);
    return verify(
      null,
      Buffer.from(signed.payload),
      createPublicKey({ key: der, format: 'der', type: 'spki' }),
      Buffer.from(signed.signature, 'base64'),
    );
  } catch {
    return false;
  }
}

/** Asks Firebreak what was granted and keeps the last signed answer: without Firebreak it goes on with that. */
export class Permissions implements Granted {
  private state: PermissionState | undefined;
  private etag: string | undefined;
  private pinned: readonly PublicKey[];
  private readonly fixed: boolean;
  private readonly listeners = new Set<() => void>();
  private timer: NodeJS.Timeout | undefined;
  private closed = false;
  lastFault: string | null = null;

  private constructor(private readonly options: PermissionOptions) {
    this.fixed = options.trustedKeys !== undefined;
    this.pinned = (options.trustedKeys ?? []).map((each) =>
      typeof each === 'string' ? { key: '', publicKey: each } : each,
    );
  }

  static async open(options: PermissionOptions): Promise<Permissions> {
    const permissions = new Permissions(options);
    await permissions.restore();
    await permissions.ask();
    permissions.again();
    return permissions;
  }

  toolsOf(system: string): readonly Tool[] | undefined {
    const { state } = this;
    return state !== undefined && Object.hasOwn(state.permissions, system) ? state.permissions[system] : undefined;
  }

  onChange(heard: () => void): () => void {
    this.listeners.add(heard);
    return () => this.listeners.delete(heard);
  }

  get epoch(): number | null {
    return this.state?.epoch ?? null;
  }

  close(): void {
    this.closed = true;
    clearTimeout(this.timer);
  }

  private again(): void {
    if (this.closed) return;
    this.timer = setTimeout(() => void this.ask().finally(() => this.again()), this.options.pollMs ?? 2_000);
    this.timer.unref();
  }

  private async ask(): Promise<void> {
    const { url, key, system } = this.options;
    try {
      if (this.pinned.length === 0 && !this.fixed) {
        const met = await fetch(`${url}/api/v1/guard/keys`, { signal: AbortSignal.timeout(ANSWER_MS) });
        if (!met.ok) throw new Error(`the server answered ${met.status} when asked for its keys`);
        this.pinned = ((await met.json()) as { keys: PublicKey[] }).keys;
      }
      const response = await fetch(`${url}/api/v1/guard/permissions?system=${encodeURIComponent(system)}`, {
        headers: {
          authorization: `Bearer ${key}`,
          ...(this.etag === undefined ? {} : { 'if-none-match': this.etag }),
        },
        signal: AbortSignal.timeout(ANSWER_MS),
      });
      if (response.status !== 304) {
        if (!response.ok) throw new Error(`the server answered ${response.status} when asked for permissions`);
        const signed = (await response.json()) as Signed;
        if (this.take(signed)) {
          await this.save(signed);
          for (const heard of this.listeners) heard();
        }
        this.etag = response.headers.get('etag') ?? undefined;
      }
      this.lastFault = null;
    } catch (error) {
      this.lastFault = error instanceof Error ? error.message : String(error);
    }
  }

  /** True when it is newer than what is held. Throws for what is not signed, not readable or older. */
  private take(signed: Signed): boolean {
    if (!this.pinned.some((key) => isSignedBy(signed, key)))
      throw new Error('the permissions are not signed by a trusted key');
    const read = readPermissions(JSON.parse(signed.payload));
    if (read === undefined) throw new Error('the permissions cannot be read');
    if (read.system !== this.options.system) throw new Error(`the permissions are meant for ${read.system}`);
    const held = this.state;
    if (held !== undefined) {
      const step = read.generation - held.generation || read.epoch - held.epoch;
      if (step < 0) throw new Error('the permissions are older than those held');
      if (step === 0) return false;
    }
    this.state = read;
    return true;
  }

  /** A file that was tampered with counts as none. */
  private async restore(): Promise<void> {
    const { stateFile } = this.options;
    if (stateFile === undefined) return;
    try {
      const text = await readFile(stateFile, 'utf8').catch(() => undefined);
      if (text === undefined) return;
      if (text.length > LARGEST) throw new Error('it is too large');
      const saved = JSON.parse(text) as Saved;
      if (saved.schema !== 1) throw new Error('it is of another version');
      if (!this.fixed) this.pinned = saved.pinned;
      this.take(saved.signed);
    } catch (error) {
      this.state = undefined;
      this.lastFault = `the file of permissions cannot be used: ${error instanceof Error ? error.message : String(error)}`;
    }
  }

  private async save(signed: Signed): Promise<void> {
    const { stateFile } = this.options;
    if (stateFile === undefined) return;
    await mkdir(dirname(stateFile), { recursive: true });
    const beside = `${stateFile}.${process.pid}.tmp`;
    const file = await open(beside, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify({ schema: 1, pinned: this.pinned, signed } satisfies Saved));
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(beside, stateFile);
  }
}
