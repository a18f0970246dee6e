import type { Architecture } from '../../prepare/inventory/index.ts';
import type { ControlBase } from './control.ts';
import { isKnownControl, type KindName } from './kinds/registry.ts';

/** Every lever there is over an AI system. */
export const LEVERS = [
  'stop',
  'pause',
  'roll-back-prompt',
  'roll-back-model',
  'switch-vendor',
  'retrieval-off',
  'revoke-tools',
  'clear-memory',
  'human-review',
  'threshold',
  'block-pattern',
  'restrict-input',
  'signed-in-only',
  'fence-countries',
  'rate-limit',
  'generation-settings',
] as const;
export type LeverName = (typeof LEVERS)[number];

/** `first`: among the first to wire. `fits`: makes sense. `not`: does nothing there, or harm. */
export type Fit = 'first' | 'fits' | 'not';

type Built = Exclude<Architecture, 'unsaid'>;
const SPEAKS = ['plain-llm', 'with-memory', 'rag', 'agentic', 'voice'] as const satisfies readonly Built[];

interface Lever {
  readonly title: string;
  /** What it does, as part of a sentence. */
  readonly does: string;
  /** The kind of control that carries it out. */
  readonly by: KindName;
  readonly first: readonly Built[];
  /** Where it does not fit, and why. */
  readonly not: Readonly<Partial<Record<Built, string>>>;
}

const NO_PROMPT = { predictive: 'a predictive model has no prompt' } as const;
const only = (where: readonly Built[], why: string): Partial<Record<Built, string>> =>
  Object.fromEntries(
    ([...SPEAKS, 'predictive'] as const).filter((each) => !where.includes(each)).map((each) => [each, why]),
  );

const TABLE: Readonly<Record<LeverName, Lever>> = {
  stop: {
    title: 'Stop a feature or the whole system',
    does: 'requests are refused with a calm message',
    by: 'disable',
    first: [...SPEAKS, 'predictive'],
    not: {},
  },
  pause: {
    title: 'Pause what starts by itself',
    does: 'schedules and triggers start nothing',
    by: 'pause',
    first: ['agentic'],
    not: {},
  },
  'roll-back-prompt': {
    title: 'Go back to an earlier prompt',
    does: 'an earlier prompt version serves requests',
    by: 'route',
    first: SPEAKS,
    not: NO_PROMPT,
  },
  'roll-back-model': {
    title: 'Go back to an earlier model',
    does: 'an earlier or simpler model serves requests',
    by: 'route',
    first: ['plain-llm', 'predictive'],
    not: {},
  },
  'switch-vendor': {
    title: 'Switch to another vendor',
    does: 'another vendor serves requests',
    by: 'route',
    first: ['voice'],
    not: { predictive: 'its model is trained for this use; another vendor has none like it' },
  },
  'retrieval-off': {
    title: 'Turn off one retrieval index',
    does: 'answers are made without the index that is wrong or poisoned',
    by: 'retrieval',
    first: ['rag'],
    not: only(['rag', 'agentic'], 'it retrieves nothing'),
  },
  'revoke-tools': {
    title: 'Revoke tools',
    does: 'it can call no tool, or only those that read',
    by: 'revoke',
    first: ['agentic'],
    not: only(['agentic', 'voice'], 'it calls no tools'),
  },
  'clear-memory': {
    title: 'Clear and freeze its memory',
    does: 'what it remembered is put aside as evidence, and nothing new is remembered',
    by: 'retrieval',
    first: ['with-memory'],
    not: only(['with-memory', 'agentic'], 'it remembers nothing between conversations'),
  },
  'human-review': {
    title: 'Have a person look first',
    does: 'answers or actions wait for a person',
    by: 'review',
    first: ['agentic', 'predictive'],
    not: { voice: 'a caller cannot wait on the line for a reviewer; hand the call over instead' },
  },
  threshold: {
    title: 'Move the threshold, or fall back to a rule',
    does: 'doubtful cases go to a fixed rule or to a person',
    by: 'settings',
    first: ['predictive'],
    not: only(['predictive'], 'it gives no score to put a threshold on'),
  },
  'block-pattern': {
    title: 'Block a pattern',
    does: 'requests or answers with certain words are refused',
    by: 'block',
    first: ['plain-llm', 'rag'],
    not: { predictive: 'its inputs are figures and categories, not words' },
  },
  'restrict-input': {
    title: 'Restrict what may be put in',
    does: 'files, links or long texts are refused',
    by: 'input',
    first: ['with-memory'],
    not: {},
  },
  'signed-in-only': {
    title: 'Signed-in people only',
    does: 'everybody else is refused',
    by: 'fence',
    first: [],
    not: {},
  },
  'fence-countries': {
    title: 'Fence off countries',
    does: 'requests from some countries are refused',
    by: 'fence',
    first: [],
    not: {},
  },
  'rate-limit': {
    title: 'Limit the rate',
    does: 'each person or program may ask only so often',
    by: 'limit',
    first: [],
    not: {},
  },
  'generation-settings': {
    title: 'Adjust how it generates',
    does: 'shorter or less varied answers',
    by: 'settings',
    first: [],
    not: { predictive: 'it generates nothing' },
  },
};

export interface FittingLever {
  readonly lever: LeverName;
  readonly title: string;
  readonly does: string;
  readonly by: KindName;
  readonly fit: Fit;
  /** Why it does not fit; empty where it does. */
  readonly why: string;
}

const ORDER: Readonly<Record<Fit, number>> = { first: 0, fits: 1, not: 2 };

/** How a lever fits an architecture. Where the architecture is not said, everything may fit and nothing comes first. */
export function fitOf(lever: LeverName, architecture: Architecture): FittingLever {
  const { title, does, by, first, not } = TABLE[lever];
  const why = architecture === 'unsaid' ? undefined : not[architecture];
  const leads = architecture !== 'unsaid' && first.includes(architecture);
  return { lever, title, does, by, fit: why !== undefined ? 'not' : leads ? 'first' : 'fits', why: why ?? '' };
}

/** All levers, those to wire first before the others. */
export function fittingLevers(architecture: Architecture): FittingLever[] {
  return LEVERS.map((lever) => fitOf(lever, architecture)).sort((a, b) => ORDER[a.fit] - ORDER[b.fit]);
}

/** The levers a control is; none for a kind this version does not know. */
export function leversOf(control: ControlBase): LeverName[] {
  if (!isKnownControl(control)) return [];
  switch (control.kind) {
    case 'disable':
      return ['stop'];
    case 'pause':
      return ['pause'];
    case 'route':
      return [
        ...(control.to.prompt !== undefined ? (['roll-back-prompt'] as const) : []),
        ...(control.to.model !== undefined ? (['roll-back-model'] as const) : []),
        ...(control.to.provider !== undefined ? (['switch-vendor'] as const) : []),
      ];
    case 'fence':
      return [
        ...(control.countries !== undefined ? (['fence-countries'] as const) : []),
        ...(control.audience !== undefined ? (['signed-in-only'] as const) : []),
      ];
    case 'retrieval':
      return ['retrieval-off', 'clear-memory'];
    case 'revoke':
      return ['revoke-tools'];
    case 'review':
      return ['human-review'];
    case 'block':
      return ['block-pattern'];
    case 'input':
      return ['restrict-input'];
    case 'limit':
      return ['rate-limit'];
    case 'settings':
      return [
        ...(control.values === undefined ? [] : (['threshold'] as const)),
        ...((control.temperature ?? control.topP ?? control.maxTokens) === undefined
          ? []
          : (['generation-settings'] as const)),
      ];
  }
}

/** How well a control fits: as its best lever does; one of no known lever fits. */
export function fitOfControl(control: ControlBase, architecture: Architecture): Pick<FittingLever, 'fit' | 'why'> {
  const fits = leversOf(control).map((lever) => fitOf(lever, architecture));
  return fits.sort((a, b) => ORDER[a.fit] - ORDER[b.fit])[0] ?? { fit: 'fits', why: '' };
}

/** Levers that come first for the architecture and are not wired. */
export function worthWiring(architecture: Architecture, wired: readonly ControlBase[]): FittingLever[] {
  const there = new Set(wired.flatMap(leversOf));
  return fittingLevers(architecture).filter(({ lever, fit }) => fit === 'first' && !there.has(lever));
}
