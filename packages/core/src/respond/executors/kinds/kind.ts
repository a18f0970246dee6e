/** What an executor is told: to hold, or to let go. */
export type Way = 'hold' | 'let-go';

/** The state of somebody else's switch, as it can be put back. */
export type SwitchValue = Readonly<Record<string, string | number | boolean | null>>;
export type Settings = Readonly<Record<string, string>>;

/** One member of a kind's settings. */
export interface Field {
  readonly name: string;
  readonly label: string;
  readonly hint: string;
  /** Used where nothing is said; absent: it has to be said. Empty: it may be left out. */
  readonly otherwise?: string;
  /** The whole value has to fit. */
  readonly fits?: RegExp;
  readonly options?: readonly string[];
  /** Largest length in characters; 300 unless said. */
  readonly most?: number;
  readonly long?: true;
}

/** One request, with everything but the signature. */
export interface Ask {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Signed as Standard Webhooks, with this as the id of the message. */
  readonly signedAs?: string;
}

export interface Answer {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export interface Saw {
  readonly value: SwitchValue;
  /** For people: `refund-answers is off in production`. */
  readonly says: string;
  /** What the change has to send along, so that it stays as it is. Kept nowhere. */
  readonly beside?: SwitchValue;
}

/** It did not work. */
export interface Trouble {
  readonly trouble: string;
  /** Trying again would not help until somebody changes something. */
  readonly final: boolean;
}
export const isTrouble = (it: object): it is Trouble => 'trouble' in it;

/** Where the switch stands, compared with what was ordered. */
export type Stands = 'there' | 'elsewhere' | 'under-way' | Trouble;

/** One order as it is being carried out. */
export interface Doing {
  readonly settings: Settings;
  readonly secret: string | null;
  readonly way: Way;
  /** What it was before the first hold; null: nothing was read yet, or this kind has nothing to read. */
  readonly was: SwitchValue | null;
  /** The same for every try of an order: what receivers know a repetition by. */
  readonly key: string;
  /** From 1; a try that failed is followed by another. */
  readonly attempt: number;
  /** What was asked for in this try is under way already. */
  readonly sent: boolean;
  /** ISO 8601: when the order was given. */
  readonly orderedAt: string;
  readonly about: {
    readonly executor: string;
    readonly hold: string;
    readonly label: string;
    readonly incident: string;
    readonly system: string;
    readonly control: string;
  };
  /** Where the outcome may be told later, and the word to prove it with. */
  readonly report: { readonly url: string; readonly token: string };
}

/** Everything Firebreak knows about one kind of executor. Pure: requests as data, answers as data. */
export interface Kind {
  readonly title: string;
  /** Which version of the interface was read when this was written. */
  readonly api: string;
  readonly fields: readonly Field[];
  /** What its secret is called; null: it has none. */
  readonly secret: { readonly label: string; readonly needed: boolean } | null;
  /** How long a try may be under way, seconds. */
  patience(settings: Settings): number;
  /** What is read is the switch itself, so it can be watched while it is held. */
  readonly keeps?: true;
  /** Whether the outcome is told by the other side instead of read. */
  readonly reports?: true;
  /** `turn refund-answers off in production`. */
  says(settings: Settings, way: Way): string;
  /** Reads the present state and changes nothing; null: there is nothing to read. */
  look(doing: Doing): Ask | null;
  saw(doing: Doing, answer: Answer): Saw | Trouble;
  stands(doing: Doing, saw: Saw): Stands;
  change(doing: Doing, saw: Saw | null): readonly Ask[];
  /** What an answer to a change says by itself; undefined: look again. */
  changed?(doing: Doing, answer: Answer): { readonly stands: Stands; readonly says: string } | undefined;
  /** Where there is nothing to read: says that this is a rehearsal, and changes nothing. */
  rehearse?(doing: Doing): Ask;
  /** What no rehearsal can try without its effect, as words. */
  readonly untried?: string;
  /** Asks whether the secret may change the switch, and changes nothing; null: it cannot be asked. */
  may?(doing: Doing): Ask | null;
  /** Null: the answer does not say. */
  mayChange?(doing: Doing, answer: Answer): boolean | null;
}

const MOST_SAID = 200;
/** The first words of an answer, for people. */
export function excerpt(body: string): string {
  const said = objectIn(body);
  // Most interfaces answer an object with one sentence for people in it.
  const sentence = [said?.message, said?.detail, said?.error].find((it) => typeof it === 'string' && it !== '');
  const plain = String(sentence ?? body)
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/\.$/, '');
  return plain.length > MOST_SAID ? `${plain.slice(0, MOST_SAID)}…` : plain;
}

/** GitHub answers 403 where it is asked too often, beside 429 (Rate limits for the REST API). */
const asksToWait = ({ status, headers, body }: Answer): boolean =>
  status === 429 ||
  (status === 403 &&
    (headers['retry-after'] !== undefined ||
      headers['x-ratelimit-remaining'] === '0' ||
      /secondary rate limit/i.test(body)));

/** What a status that is no success means; null: it is one. */
export function troubleOf(answer: Answer, what: string): Trouble | null {
  const { status, body } = answer;
  if (status >= 200 && status < 300) return null;
  if (asksToWait(answer)) return { trouble: `it asks to be asked less often (${status})`, final: false };
  const said = excerpt(body);
  const tail = said === '' ? '' : `: ${said}`;
  if (status === 401) return { trouble: `the secret was not accepted (401)${tail}`, final: true };
  if (status === 403) return { trouble: `the secret may not do this (403)${tail}`, final: true };
  if (status === 404) return { trouble: `there is no ${what} (404)${tail}`, final: true };
  if (status === 409) return { trouble: `somebody else changed it at the same moment (409)${tail}`, final: false };
  if (status >= 500) return { trouble: `it has trouble of its own (${status})${tail}`, final: false };
  if (status >= 300 && status < 400)
    return { trouble: `it points elsewhere (${status}); set the address it points to`, final: true };
  return { trouble: `it answered ${status}${tail}`, final: true };
}

/** The JSON object in an answer; null where there is none. */
export function objectIn(body: string): Readonly<Record<string, unknown>> | null {
  try {
    const read: unknown = JSON.parse(body);
    return typeof read === 'object' && read !== null && !Array.isArray(read) ? (read as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
export const partOf = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : {};

export const unreadable = (what: string): Trouble => ({
  trouble: `the answer cannot be read as ${what}; does the address lead to it?`,
  final: true,
});

export const at = (base: string, ...parts: readonly string[]): string =>
  [base.replace(/\/+$/, ''), ...parts.map(encodeURIComponent)].join('/');

export const BASE: Pick<Field, 'name' | 'label' | 'fits' | 'most'> = {
  name: 'url',
  label: 'Address',
  fits: /^https?:\/\/(?![^/]*@)[^\s/?#]+(\/[^\s?#]*)?$/i,
  most: 1_000,
};
/** What may stand as one part of a path. */
export const PART = /^(?!\.{1,2}$)[^\s/?#%\\]+$/;

/** A switch with two sides, one of which is the held one. */
export const HELD: Field = {
  name: 'held',
  label: 'Held means',
  hint: 'Most features are held by turning them off; a kill switch is held by turning it on.',
  otherwise: 'off',
  options: ['off', 'on'],
};
const heldOn = (settings: Settings): boolean => settings.held === 'on';
/** What a switch with two sides should be; null: as it is, since nothing was ever changed. */
export const wantedOn = ({ settings, way, was }: Pick<Doing, 'settings' | 'way' | 'was'>): boolean | null =>
  way === 'hold' ? heldOn(settings) : was === null ? null : was.on === true;
export const twoSides = (doing: Doing, { value }: Saw): Stands => {
  const wanted = wantedOn(doing);
  return wanted === null || value.on === wanted ? 'there' : 'elsewhere';
};
export function sayTwoSides(flag: string, settings: Settings, way: Way, environment?: string): string {
  const named = `flag ${flag}${environment === undefined ? '' : ` in ${environment}`}`;
  return way === 'hold' ? `turn ${heldOn(settings) ? 'on' : 'off'} ${named}` : `set ${named} back to what it was`;
}
