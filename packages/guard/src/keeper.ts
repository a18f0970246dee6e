import {
  applyMessage,
  CAPSULES_APPLIED,
  type Capsule,
  type Compiled,
  compile,
  type HoldInForce,
  isDelta,
  isNack,
  type Nack,
  readCapsule,
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

/** What a message made of the state before it. */
interface Step {
  readonly system: string;
  readonly before: Snapshot | undefined;
  readonly isDelta: boolean;
  readonly applied: Applied;
}

const STEPS_REMEMBERED = 16;
/** By payload. Several guards in one process get the same messages: each is read, applied and compiled once. */
const steps = new Map<string, Step>();

/** A capsule as somebody applied it by hand. */
type Entry = Signed & { readonly appliedAt: string };

/** Holds the last state that was signed by a key we trust; nothing else ever replaces it. */
export class Keeper {
  applied: Applied | undefined;
  /** What is enforced: the state, and the capsules applied by hand. Undefined while there is neither. */
  enforced: Compiled | undefined;
  holds: readonly HoldInForce[] = [];
  private chain: Signed[] = [];
  private found: Capsule[] = [];
  private read = '';
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

  /** Ids of the capsules in force. */
  get capsules(): string[] {
    return this.living().map(({ capsule }) => capsule);
  }

  private living(): Capsule[] {
    const ended = this.applied?.snapshot.ended ?? [];
    return this.found.filter(({ capsule }) => !ended.includes(capsule));
  }

  private enforce(): void {
    const state = this.applied?.snapshot;
    const capsules = this.living().flatMap(({ holds }) => holds);
    this.holds = [...(state?.holds ?? []), ...capsules];
    this.enforced =
      capsules.length === 0
        ? this.applied?.compiled
        : compile({ schema: 1, system: this.system, generation: 0, epoch: 0, ...state, holds: this.holds });
  }

  /** Takes up what was applied by hand since the last look; nothing that was is ever forgotten. True: more is enforced. */
  async look(): Promise<boolean> {
    const text = (await this.file?.capsules().catch(() => '')) ?? '';
    if (text === '' || text === this.read || this.pinned.length === 0) return false;
    this.read = text;
    const before = this.found.length;
    try {
      for (const entry of (JSON.parse(text) as Entry[]).slice(0, CAPSULES_APPLIED)) {
        const why = await this.admit(entry).catch(String);
        if (why) this.onFault(`a capsule is refused: ${why}`);
      }
    } catch (error) {
      this.onFault(`the capsules cannot be read: ${error}`);
    }
    this.enforce();
    return this.found.length > before;
  }

  /** Why a capsule is not taken; nothing: it is. */
  private async admit(entry: Entry): Promise<string | undefined> {
    if (!(await this.trusts(entry))) return 'not signed by a trusted key';
    const capsule = readCapsule(JSON.parse(entry.payload), this.system, entry.appliedAt);
    if (isNack(capsule)) return capsule.why;
    if (!this.found.some((each) => each.capsule === capsule.capsule)) this.found.push(capsule);
    return undefined;
  }

  /** Takes up the state of the last run, and what was applied by hand. */
  async restore(): Promise<void> {
    await this.restoreState();
    this.enforce();
    await this.look();
  }

  /** From the file. One that was tampered with counts as none. */
  private async restoreState(): Promise<void> {
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
  async said(signed: Signed): Promise<unknown> {
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
    const before = this.applied?.snapshot;
    const known = steps.get(signed.payload);
    const step =
      known !== undefined && known.before === before && known.system === this.system
        ? known
        : await this.stepOf(signed.payload, before);
    if (isNack(step)) return step;
    const { isDelta, applied } = step;
    if (this.applied !== undefined && applied.snapshot === before) {
      if (!isDelta && this.chain.length > 1) {
        this.chain = [signed];
        this.save();
      }
      return this.applied;
    }
    this.chain = isDelta ? [...this.chain, signed] : [signed];
    this.applied = applied;
    this.enforce();
    return this.applied;
  }

  private async stepOf(payload: string, before: Snapshot | undefined): Promise<Step | Nack> {
    let parsed: unknown;
    try {
      parsed = JSON.parse(payload);
    } catch {
      return { nack: 'malformed', why: 'the payload is not JSON' };
    }
    const message = readMessage(parsed);
    if (isNack(message)) return message;
    const { system } = message;
    if (system !== this.system) return { nack: 'system', why: `meant for ${system}, this guard is of ${this.system}` };
    const snapshot = applyMessage(before, message);
    if (isNack(snapshot)) return snapshot;
    const stateHash = await this.crypto.sha256(stateText(snapshot));
    const step = {
      system,
      before,
      isDelta: isDelta(message),
      applied: { snapshot, compiled: compile(snapshot), stateHash },
    };
    steps.set(payload, step);
    if (steps.size > STEPS_REMEMBERED) steps.delete(steps.keys().next().value as string);
    return step;
  }

  private save(): void {
    if (this.file === undefined) return;
    const saved: Saved = { schema: 1, pinned: this.pinned, signed: this.chain };
    this.file.write(saved).catch((error: unknown) => {
      this.onFault(`the state file cannot be written: ${error instanceof Error ? error.message : String(error)}`);
    });
  }
}
