import type { Control, KindName } from '@firebreak/core/respond/containment';

/** What the form holds while a control is described; every text may still be empty. */
export interface ControlDraft {
  readonly kind: KindName;
  readonly feature: string;
  readonly message: string;
  readonly from: { readonly model: string; readonly prompt: string; readonly provider: string };
  readonly to: { readonly model: string; readonly prompt: string; readonly provider: string };
  readonly countryMode: 'none' | 'deny' | 'allow';
  readonly countries: string;
  readonly signedInOnly: boolean;
}

const NOTHING = { model: '', prompt: '', provider: '' };
export const EMPTY_DRAFT: ControlDraft = {
  kind: 'disable',
  feature: '',
  message: '',
  from: NOTHING,
  to: NOTHING,
  countryMode: 'none',
  countries: '',
  signedInOnly: false,
};

function filled(parts: ControlDraft['to']): { model?: string; prompt?: string; provider?: string } {
  return Object.fromEntries(
    Object.entries(parts).flatMap(([name, text]) => (text.trim() === '' ? [] : [[name, text.trim()]])),
  );
}

/** The control a draft describes. It may still be faulty; `controlFaults` of the core says how. */
export function controlOf(draft: ControlDraft): Control {
  const base = {
    ...(draft.feature !== '' && { feature: draft.feature }),
    ...(draft.message.trim() !== '' && { message: draft.message.trim() }),
  };
  if (draft.kind === 'disable') return { kind: 'disable', ...base };
  if (draft.kind === 'route') {
    const from = filled(draft.from);
    return { kind: 'route', ...base, ...(Object.keys(from).length > 0 && { from }), to: filled(draft.to) };
  }
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
