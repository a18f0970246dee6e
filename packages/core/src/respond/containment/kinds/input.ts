import { type Asking, baseFaults, type ControlKind, countFaults, type Fault, type Ordering } from '../control.ts';
import { disableInstead } from './disable.ts';

/** Restricts what may be put in: refuses long texts, files and images, or links. */
export interface Input {
  readonly kind: 'input';
  readonly feature?: string;
  readonly message?: string;
  readonly inFlight?: 'drain';
  /** UTF-16 code units. */
  readonly maxCharacters?: number;
  readonly attachments?: 'refuse';
  readonly links?: 'refuse';
}

function check(control: Input): readonly Fault[] {
  const { maxCharacters, attachments, links } = control;
  const faults: Fault[] = baseFaults(control);
  if (maxCharacters !== undefined) faults.push(...countFaults('/maxCharacters', maxCharacters, 1, 10_000_000));
  for (const [pointer, value] of [
    ['/attachments', attachments],
    ['/links', links],
  ] as const)
    if (value !== undefined && value !== 'refuse') faults.push({ pointer, why: 'the only choice is "refuse"' });
  if (maxCharacters === undefined && attachments === undefined && links === undefined)
    faults.push({ pointer: '', why: 'say what is refused: maxCharacters, attachments or links' });
  return faults;
}

function describe({ maxCharacters, attachments, links, feature }: Input): string {
  const parts = [
    ...(maxCharacters === undefined ? [] : [`texts over ${maxCharacters} characters`]),
    ...(attachments === undefined ? [] : ['files and images']),
    ...(links === undefined ? [] : ['links']),
  ];
  return `refuse ${parts.join(', ')}${feature === undefined ? '' : ` for ${feature}`}`;
}

function hasLink(text: string): boolean {
  return text.includes('://') || text.includes('www.') || text.includes('](');
}

function apply(control: Input, request: Asking): 'deny' | undefined {
  if (request.direction === 'output') return undefined;
  if (control.attachments !== undefined && (request.attachments ?? 0) > 0) return 'deny';
  const { text } = request;
  if (text === undefined) return undefined;
  if (control.maxCharacters !== undefined && text.length > control.maxCharacters) return 'deny';
  return control.links !== undefined && hasLink(text) ? 'deny' : undefined;
}

export const input: ControlKind<Input> = { kind: 'input', check, apply };
export const orderingInput: Ordering<Input> = { describe, safeSuperset: disableInstead };
