import {
  applyMessage,
  type Compiled,
  compile,
  isDelta,
  isNack,
  type Nack,
  readMessage,
  type Signed,
  type Snapshot,
  stateText,
} from '@firebreak/core/respond/containment';
import type { Crypto, PublicKey } from './crypto.ts';
import type { Saved, StateFile } from './state-file.ts';

/** Steps kept in the file before a whole snapshot is asked for. */
const STEPS_KEPT = 50;

export interface Applied {
  readonly snapshot: Snapshot;
  readonly compiled: Compiled;
  readonly stateHash: string;
}

/** Holds the last state that was signed by a key we trust; nothing else ever replaces it. */
export class Keeper {
  applied: Applied | undefined;
  private chain: Signed[] = [];
  private pinned: readonly PublicKey[];
  private readonly fixed: boolean;

  constructor(
    private readonly system: string,
    trusted: readonly PublicKey[] | undefined,
    private readonly crypto: Crypto,
    private readonly file: StateFile | undefined,
    private readonly onFault: (why: string) => void,
  ) {
    this.pinned = trusted ?? [];
    this.fixed = trusted !== undefined;
  }

  /** Whether the first key to be met would be believed. */
  get trustsNobodyYet(): boolean {
    return this.pinned.length === 0 && !this.fixed;
  }

  /** Trust on first use: only while nothing is pinned, and for good. */
  pin(keys: readonly PublicKey[]): void {
    if (this.trustsNobodyYet) this.pinned = keys;
  }

  /** True when many steps have piled up since the last whole snapshot. */
  get wantsSnapshot(): boolean {
    return this.chain.length > STEPS_KEPT;
  }

  /** Takes the state of the last run from the file. A file that was tampered with counts as none. */
  async restore(): Promise<void> {
    if (this.file === undefined) return;
    try {
      const saved = await this.file.read();
      if (saved === undefined) return;
      if (!this.fixed) this.pinned = saved.pinned;
      for (const signed of saved.signed) {
        const result = await this.step(signed);
        if (isNack(result)) throw new Error(result.why);
      }
    } catch (error) {
      this.applied = undefined;
      this.chain = [];
      this.onFault(`the state file cannot be used: ${error instanceof Error ? error.message : String(error)}`);
    }
  }

  /** Verifies, applies and saves one signed message. On a Nack nothing has changed. */
  async take(signed: Signed): Promise<Applied | Nack> {
    const before = this.applied;
    const result = await this.step(signed);
    if (!isNack(result) && result !== before) this.save();
    return result;
  }

  /** What a message says that is to be read and not to be obeyed; undefined unless it is signed by a trusted key. */
  async read(signed: Signed): Promise<unknown> {
    return (await this.trusts(signed)) ? JSON.parse(signed.payload) : undefined;
  }

  private async trusts(signed: Signed): Promise<boolean> {
    for (const key of this.pinned) {
      if (key.key !== '' && key.key !== signed.key) continue;
      if (await this.crypto.verify(signed, key)) return true;
    }
    return false;
  }

  private async step(signed: Signed): Promise<Applied | Nack> {
    if (!(await this.trusts(signed))) return { nack: 'signature', why: `not signed by a trusted key (${signed.key})` };
    let parsed: unknown;
    try {
      parsed = JSON.parse(signed.payload);
    } catch {
      return { nack: 'malformed', why: 'the payload is not JSON' };
    }
    const message = readMessage(parsed);
    if (isNack(message)) return message;
    if (message.system !== this.system)
      return { nack: 'system', why: `meant for ${message.system}, this guard is of ${this.system}` };
    const snapshot = applyMessage(this.applied?.snapshot, message);
    if (isNack(snapshot)) return snapshot;
    if (this.applied !== undefined && snapshot === this.applied.snapshot) {
      if (!isDelta(message) && this.chain.length > 1) {
        this.chain = [signed];
        this.save();
      }
      return this.applied;
    }
    const compiled = compile(snapshot);
    const stateHash = await this.crypto.sha256(stateText(snapshot));
    this.chain = isDelta(message) ? [...this.chain, signed] : [signed];
    this.applied = { snapshot, compiled, stateHash };
    return this.applied;
  }

  private save(): void {
    if (this.file === undefined) return;
    const saved: Saved = { schema: 1, pinned: this.pinned, signed: this.chain };
    this.file.write(saved).catch((error: unknown) => {
      this.onFault(`the state file cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}
