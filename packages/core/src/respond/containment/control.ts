/** What one request says about itself. A fact that is missing is read the stricter way. */
export interface Asking {
  readonly feature?: string | undefined;
  readonly model?: string | undefined;
  /** Prompt version, `v41`. */
  readonly prompt?: string | undefined;
  /** Vendor the request goes to, `openai`. */
  readonly provider?: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country?: string | undefined;
  readonly authenticated?: boolean | undefined;
  readonly subject?: string | undefined;
  /** Agent that acts. */
  readonly agent?: string | undefined;
  /** Name of the credential it acts with, never the secret. */
  readonly credential?: string | undefined;
  /** Tool about to be called. Absent: this is no tool call. */
  readonly tool?: string | undefined;
  /** Retrieval index or memory about to be read or written. Absent: this is no retrieval. */
  readonly index?: string | undefined;
  /** Schedule or trigger that starts the work. Absent: nothing started it by itself. */
  readonly trigger?: string | undefined;
  /** Words that are about to pass. Absent: no words pass here, they are judged where they do. */
  readonly text?: string | undefined;
  /** Which way `text` passes; to the model unless said. */
  readonly direction?: 'input' | 'output' | undefined;
  /** Files, images and recordings that come with the request. */
  readonly attachments?: number | undefined;
  /** It runs already, and did before what is in force was asked: what lets that finish is not met. */
  readonly running?: boolean | undefined;
  /** Mark of the test of a control this request was made up for. Adds that control to what the request meets, takes nothing away. */
  readonly test?: string | undefined;
}

/** A request and the key of the AI system it is made of, `support-bot`. */
export interface RequestContext extends Asking {
  readonly system: string;
}

export const OVERRIDABLE = ['model', 'prompt', 'provider'] as const;
export type Overridable = (typeof OVERRIDABLE)[number];
/** Which model, prompt version or vendor serves a request. */
export type Versions = { readonly [key in Overridable]?: string };

/**
 * What every control carries: its kind, the feature it covers (absent: the whole system), the calm text users see, and what becomes
 * of answers and calls that run when it is ordered: `drain` lets them finish. Absent, or anything else: they are ended.
 */
export interface ControlBase {
  readonly kind: string;
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
}

/** How an answer is generated: `temperature`, `topP` and `maxTokens` are the most allowed, `values` are set as they stand. */
export interface Settings {
  /** 0 to 2. */
  readonly temperature?: number;
  /** 0 to 1. */
  readonly topP?: number;
  readonly maxTokens?: number;
  /** Settings of the application's own, `answer_threshold`. */
  readonly values?: Readonly<Record<string, string | number | boolean>>;
}

/** So many requests in so many seconds, for each subject or for all together. Requests that name no subject share one. */
export interface RateLimit {
  readonly requests: number;
  readonly seconds: number;
  readonly per: 'subject' | 'everyone';
}

/** What a control does to one request: refuse it, have a person look first, limit its rate, or serve it differently. */
export type Effect =
  | 'deny'
  | { readonly to: Versions }
  | { readonly settings: Settings }
  | { readonly limit: RateLimit }
  /** Queue of reviewers; empty: the one of the system. */
  | { readonly review: string };

/** One bad parameter: RFC 6901 pointer into the control, and a sentence. */
export interface Fault {
  readonly pointer: string;
  readonly why: string;
}

/** What every place that enforces controls knows about one kind. Scope (system, feature) is decided before `apply` is asked. */
export interface ControlKind<C extends ControlBase> {
  readonly kind: C['kind'];
  check(control: C): readonly Fault[];
  /** Pure, allocates nothing where it does not apply. */
  apply(control: C, request: Asking): Effect | undefined;
}

/** What is known about it besides, where controls are ordered. Guards do not carry it. */
export interface Ordering<C extends ControlBase> {
  /** Part of a sentence for people: `roll back prompt v41 → v40`. */
  describe(control: C): string;
  /** What the control overrides; two controls in force may not override the same thing. */
  overrides?(control: C): readonly Overridable[];
  /** A control of an older kind that restricts at least as much, for guards that do not know this kind yet. */
  safeSuperset?(control: C): ControlBase;
}

const NAME = /^[\p{L}\p{N}][\p{L}\p{N} ._:/@+-]*$/u;

/** Faults of one name (feature, model, version …): 1 to `most` characters, letters, digits and ` ._:/@+-`. */
export function nameFaults(pointer: string, value: unknown, most = 200): Fault[] {
  if (typeof value !== 'string' || value.length === 0) return [{ pointer, why: 'give a name' }];
  if (value.length > most) return [{ pointer, why: `use at most ${most} characters` }];
  if (!NAME.test(value)) return [{ pointer, why: 'begin with a letter or digit; then letters, digits and " ._:/@+-"' }];
  return [];
}

type FaultsOf = (pointer: string, value: unknown) => readonly Fault[];

/** Faults of what may be left out. */
export function faultsIfSaid(pointer: string, value: unknown, faultsOf: FaultsOf): readonly Fault[] {
  return value === undefined ? [] : faultsOf(pointer, value);
}

/** Faults of a list, 1 to `most` of `what`, and of each in it. */
export function listFaults(pointer: string, list: unknown, most: number, what: string, faultsOf: FaultsOf): Fault[] {
  if (!Array.isArray(list) || list.length === 0 || list.length > most)
    return [{ pointer, why: `list 1 to ${most} ${what}` }];
  return list.flatMap((each: unknown, index) => faultsOf(`${pointer}/${index}`, each));
}

/** Faults of a whole number between two bounds, both allowed. */
export function countFaults(pointer: string, value: unknown, least: number, most: number): Fault[] {
  const good = typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
  return good ? [] : [{ pointer, why: `use a whole number from ${least} to ${most}` }];
}

export const MESSAGE_LIMIT = 500;

/** Faults of what every control carries. */
export function baseFaults(control: ControlBase): Fault[] {
  const faults: Fault[] = [];
  if (control.feature !== undefined) faults.push(...nameFaults('/feature', control.feature, 100));
  if (control.message !== undefined) {
    if (typeof control.message !== 'string' || control.message.trim() === '')
      faults.push({ pointer: '/message', why: 'say something to the user, or leave the message out' });
    else if (control.message.length > MESSAGE_LIMIT)
      faults.push({ pointer: '/message', why: `use at most ${MESSAGE_LIMIT} characters` });
  }
  return faults;
}
