import { type Control, endsWhatRuns, type KindName, withInFlight } from '@firebreak/core/respond/containment';

/** What the form holds while a control is described; every text may still be empty. */
export interface ControlDraft {
  readonly kind: KindName;
  readonly feature: string;
  readonly message: string;
  /** What runs when it is pulled may finish; only said of kinds that would end it. */
  readonly drain: boolean;
  readonly from: { readonly model: string; readonly prompt: string; readonly provider: string };
  readonly to: { readonly model: string; readonly prompt: string; readonly provider: string };
  readonly countryMode: 'none' | 'deny' | 'allow';
  readonly countries: string;
  readonly signedInOnly: boolean;
  /** One to a line. */
  readonly phrases: string;
  readonly patterns: string;
  readonly direction: '' | 'input' | 'output';
  readonly maxCharacters: string;
  readonly noFiles: boolean;
  readonly noLinks: boolean;
  readonly index: string;
  readonly tools: string;
  readonly agent: string;
  readonly credential: string;
  readonly queue: string;
  readonly trigger: string;
  readonly requests: string;
  readonly seconds: string;
  readonly per: 'subject' | 'everyone';
  readonly temperature: string;
  readonly topP: string;
  readonly maxTokens: string;
  /** `name = value`, one to a line. */
  readonly values: string;
}

const NOTHING = { model: '', prompt: '', provider: '' };
export const EMPTY_DRAFT: ControlDraft = {
  kind: 'disable',
  feature: '',
  message: '',
  drain: false,
  from: NOTHING,
  to: NOTHING,
  countryMode: 'none',
  countries: '',
  signedInOnly: false,
  phrases: '',
  patterns: '',
  direction: '',
  maxCharacters: '',
  noFiles: false,
  noLinks: false,
  index: '',
  tools: '',
  agent: '',
  credential: '',
  queue: '',
  trigger: '',
  requests: '10',
  seconds: '60',
  per: 'subject',
  temperature: '',
  topP: '',
  maxTokens: '',
  values: '',
};

const lines = (text: string): string[] => text.split('\n').flatMap((line) => (line.trim() === '' ? [] : [line.trim()]));
const names = (text: string): string[] =>
  text.split(/[\n,]/).flatMap((name) => (name.trim() === '' ? [] : [name.trim()]));
const word = <K extends string>(key: K, text: string): { [key in K]?: string } =>
  (text.trim() === '' ? {} : { [key]: text.trim() }) as { [key in K]?: string };
/** What is no number stays one that the core refuses. */
const figure = <K extends string>(key: K, text: string): { [key in K]?: number } =>
  (text.trim() === '' ? {} : { [key]: Number(text) }) as { [key in K]?: number };

function valuesOf(text: string): { values?: Record<string, string | number | boolean> } {
  const entries = lines(text).map((line): [string, string | number | boolean] => {
    const at = line.indexOf('=');
    const value = at < 0 ? '' : line.slice(at + 1).trim();
    const name = (at < 0 ? line : line.slice(0, at)).trim();
    if (value === 'true' || value === 'false') return [name, value === 'true'];
    return [name, value !== '' && Number.isFinite(Number(value)) ? Number(value) : value];
  });
  return entries.length === 0 ? {} : { values: Object.fromEntries(entries) };
}

function filled(parts: ControlDraft['to']): { model?: string; prompt?: string; provider?: string } {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]])),
  );
}

/** The control a draft describes. It may still be faulty; `orderFaults` of the core says how. */
export function controlOf(draft: ControlDraft): Control {
  const control = bare(draft);
  return draft.drain && endsWhatRuns(control) ? withInFlight(control, 'drain') : control;
}

function bare(draft: ControlDraft): Control {
  const base = {
    ...(draft.feature !== '' && { feature: draft.feature }),
    ...(draft.message.trim() !== '' && { message: draft.message.trim() }),
  };
  const tools = names(draft.tools);
  switch (draft.kind) {
    case 'disable':
      return { kind: 'disable', ...base };
    case 'route': {
      const from = filled(draft.from);
      return { kind: 'route', ...base, ...(Object.keys(from).length > 0 && { from }), to: filled(draft.to) };
    }
    case 'fence':
      return fenceOf(draft, base);
    case 'block': {
      const phrases = lines(draft.phrases);
      const patterns = lines(draft.patterns);
      return {
        kind: 'block',
        ...base,
        ...(phrases.length > 0 && { phrases }),
        ...(patterns.length > 0 && { patterns }),
        ...(draft.direction !== '' && { direction: draft.direction }),
      };
    }
    case 'input':
      return {
        kind: 'input',
        ...base,
        ...figure('maxCharacters', draft.maxCharacters),
        ...(draft.noFiles && { attachments: 'refuse' as const }),
        ...(draft.noLinks && { links: 'refuse' as const }),
      };
    case 'retrieval':
      return { kind: 'retrieval', ...base, index: draft.index.trim() };
    case 'review':
      return { kind: 'review', ...base, ...(tools.length > 0 && { tools }), ...word('queue', draft.queue) };
    case 'revoke':
      return {
        kind: 'revoke',
        ...base,
        ...word('agent', draft.agent),
        ...(tools.length > 0 && { tools }),
        ...word('credential', draft.credential),
      };
    case 'pause':
      return { kind: 'pause', ...base, ...word('trigger', draft.trigger) };
    case 'limit':
      return {
        kind: 'limit',
        ...base,
        requests: Number(draft.requests),
        seconds: Number(draft.seconds),
        per: draft.per,
      };
    case 'settings':
      return {
        kind: 'settings',
        ...base,
        ...figure('temperature', draft.temperature),
        ...figure('topP', draft.topP),
        ...figure('maxTokens', draft.maxTokens),
        ...valuesOf(draft.values),
      };
  }
}

function fenceOf(draft: ControlDraft, base: { feature?: string; message?: string }): Control {
  const list = draft.countries
    .toUpperCase()
    .split(/[^A-Z]+/)
    .filter(Boolean);
  return {
    kind: 'fence',
    ...base,
    ...(draft.countryMode !== 'none' && { countries: { mode: draft.countryMode, list } }),
    ...(draft.signedInOnly && { audience: 'authenticated' as const }),
  };
}
