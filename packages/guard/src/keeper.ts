import {
  applyMessage,
  type Capsule,
  type Compiled,
  compile,
  type HoldInForce,
  holdsFault,
  isDelta,
  isNack,
  type Nack,
  readMessage,
  type Signed,
  type Snapshot,
  stateText,
} from '@firebreak/core/respond/containment';
import type { Crypto, PublicKey } from './crypto.ts';
import { why } from './later.ts';
import { arePatternsLoaded, loadPatterns } from './patterns-later.ts';
import type { CapsuleReader, Saved, StateFile } from './state-file.ts';

/** Steps kept in the file before a whole snapshot is asked for. */
const STEPS_KEPT = 50;

export interface Applied {
  readonly snapshot: Snapshot;
  readonly compiled: Compiled;
  readonly stateHash: string;
}

/** What a message made of the state before it. */
interface Step {
  readonly before: Snapshot | undefined;
  readonly isDelta: boolean;
  readonly applied: Applied;
}

const STEPS_REMEMBERED = 16;
/** By payload. Several guards in one process get the same messages: each is read, applied and compiled once. */
const steps = new Map<string, Step>();

/** Holds the last state that was signed by a key we trust; nothing else ever replaces it. */
export class Keeper implements CapsuleReader {
  readonly faultOf = holdsFault;
  applied: Applied | undefined;
  /** What is enforced: the state, and the capsules applied by hand. Undefined while there is neither. */
  enforced: Compiled | undefined;
  holds: readonly HoldInForce[] = [];
  /** An order is known that cannot be obeyed here, as what it needs cannot be loaded. */
  behind = false;
  /** Messages are taken one after the other, whichever way they came. */
  #taken: Promise<unknown> = Promise.resolve();
  #chain: Signed[] = [];
  #found: Capsule[] = [];
  #pinned: readonly PublicKey[];
  readonly #fixed: boolean;
  readonly #crypto: Crypto;
  readonly #file: StateFile | undefined;

  constructor(
    readonly system: string,
    trusted: readonly PublicKey[] | undefined,
    crypto: Crypto,
    file: StateFile | undefined,
    readonly onFault: (why: string) => void,
  ) {
    this.#pinned = trusted ?? [];
    this.#fixed = trusted !== undefined;
    this.#crypto = crypto;
    this.#file = file;
  }

  /** Whether the first key to be met would be believed. */
  get trustsNobodyYet(): boolean {
    return this.#pinned.length === 0 && !this.#fixed;
  }

  /** Trust on first use: only while nothing is pinned, and for good. */
  pin(keys: readonly PublicKey[]): void {
    if (this.trustsNobodyYet) this.#pinned = keys;
  }

  get knowsKeys(): boolean {
    return this.#pinned.length > 0;
  }

  /** True when many steps have piled up since the last whole snapshot. */
  get wantsSnapshot(): boolean {
    return this.#chain.length > STEPS_KEPT;
  }

  /** Ids of the capsules in force. */
  get capsules(): string[] {
    return this.#living().map(({ capsule }) => capsule);
  }

  #living(): Capsule[] {
    const ended = this.applied?.snapshot.ended ?? [];
    return this.#found.filter(({ capsule }) => !ended.includes(capsule));
  }

  #enforce(): void {
    const state = this.applied?.snapshot;
    const capsules = this.#living().flatMap(({ holds }) => holds);
    this.holds = [...(state?.holds ?? []), ...capsules];
    this.enforced =
      capsules.length === 0
        ? this.applied?.compiled
        : compile({ schema: 1, system: this.system, generation: 0, epoch: 0, ...state, holds: this.holds });
  }

  /** Takes up what was applied by hand since the last look; nothing that was is ever forgotten. True: more is enforced. */
  async look(): Promise<boolean> {
    const good = await this.#file?.capsules(this);
    if (good === undefined) return false;
    const before = this.#found.length;
    for (const each of good) if (!this.#found.some(({ capsule }) => capsule === each.capsule)) this.#found.push(each);
    this.#enforce();
    return this.#found.length > before;
  }

  /** Takes up the state of the last run, and what was applied by hand. */
  async restore(): Promise<void> {
    await this.#restoreState();
    this.#enforce();
    await this.look();
  }

  /** From the file. One that was tampered with counts as none. */
  async #restoreState(): Promise<void> {
    if (this.#file === undefined) return;
    try {
      const saved = await this.#file.read();
      if (saved === undefined) return;
      if (!this.#fixed) this.#pinned = saved.pinned;
      for (const signed of saved.signed) {
        const result = await this.#step(signed);
        if (isNack(result)) throw new Error(result.why);
      }
    } catch (error) {
      this.applied = undefined;
      this.#chain = [];
      this.onFault(`the state file cannot be used: ${why(error)}`);
    }
  }

  /** Verifies, applies and saves one signed message. On a Nack nothing has changed. */
  take(signed: Signed): Promise<Applied | Nack> {
    const taken = this.#taken.then(async () => {
      const before = this.applied;
      const result = await this.#step(signed);
      if (!isNack(result) && result !== before) this.#save();
      return result;
    });
    this.#taken = taken.catch(() => undefined);
    return taken;
  }

  /** Resolves when what a message says can be checked and obeyed here; rejects with an Error that says what is missing. */
  async prepare(said: unknown): Promise<void> {
    if (!arePatternsLoaded() && JSON.stringify(said).includes('"patterns":')) await loadPatterns();
  }

  /** What a message says that is to be read and not to be obeyed; undefined unless it is signed by a trusted key. */
  async said(signed: Signed): Promise<unknown> {
    return (await this.trusts(signed)) ? JSON.parse(signed.payload) : undefined;
  }

  async trusts(signed: Signed): Promise<boolean> {
    for (const key of this.#pinned) {
      if (key.key !== '' && key.key !== signed.key) continue;
      if (await this.#crypto.verify(key.publicKey, signed.signature, signed.payload)) return true;
    }
    return false;
  }

  async #step(signed: Signed): Promise<Applied | Nack> {
    if (!(await this.trusts(signed))) return { nack: 'signature', why: `not signed by a trusted key (${signed.key})` };
    const before = this.applied?.snapshot;
    const known = steps.get(signed.payload);
    const step =
      known !== undefined && known.before === before && known.applied.snapshot.system === this.system
        ? known
        : await this.#stepOf(signed.payload, before);
    if (isNack(step)) return step;
    const { isDelta, applied } = step;
    if (this.applied !== undefined && applied.snapshot === before) {
      if (!isDelta && this.#chain.length > 1) {
        this.#chain = [signed];
        this.#save();
      }
      return this.applied;
    }
    this.#chain = isDelta ? [...this.#chain, signed] : [signed];
    this.applied = applied;
    this.behind = false;
    this.#enforce();
    return this.applied;
  }

  async #stepOf(payload: string, before: Snapshot | undefined): Promise<Step | Nack> {
    let parsed: unknown;
    try {
      parsed = JSON.parse(payload);
    } catch {
      return { nack: 'malformed', why: 'the payload is not JSON' };
    }
    try {
      await this.prepare(parsed);
    } catch (error) {
      this.behind = true;
      return { nack: 'schema', why: why(error) };
    }
    const message = readMessage(parsed);
    if (isNack(message)) return message;
    const { system } = message;
    if (system !== this.system) return { nack: 'system', why: `meant for ${system}, this guard is of ${this.system}` };
    const snapshot = applyMessage(before, message);
    if (isNack(snapshot)) return snapshot;
    const stateHash = await this.#crypto.sha256(stateText(snapshot));
    const step = {
      before,
      isDelta: isDelta(message),
      applied: { snapshot, compiled: compile(snapshot), stateHash },
    };
    steps.set(payload, step);
    if (steps.size > STEPS_REMEMBERED) steps.delete(steps.keys().next().value as string);
    return step;
  }

  #save(): void {
    if (this.#file === undefined) return;
    const saved: Saved = { schema: 1, pinned: this.#pinned, signed: this.#chain };
    this.#file.write(saved).catch((error: unknown) => {
      this.onFault(`the state file cannot be written: ${why(error)}`);
    });
  }
}
