import type { SystemsApplied } from '@firebreak/contract/prepare/systems-file';

const MOST = 100;
const MEMBERS: Readonly<Record<string, string>> = {
  riskClass: 'risk class',
  population: 'who meets it',
  architecture: 'built as',
  logging: 'how it logs',
  routes: 'who is told',
  budgets: 'budgets of a session',
};

export const memberName = (member: string): string => MEMBERS[member] ?? member;

/** A value of a file in one line; a list of named things by their names. */
export function shortValue(value: unknown): string {
  if (value === null || value === undefined || value === '') return 'nothing';
  if (Array.isArray(value)) {
    if (value.length === 0) return 'none';
    return cut(value.map((each) => nameOf(each)).join(', '));
  }
  return cut(typeof value === 'string' ? value : JSON.stringify(value));
}

function nameOf(value: unknown): string {
  if (typeof value !== 'object' || value === null) return String(value);
  const { name, on, channel, to, measure } = value as Record<string, unknown>;
  if (channel !== undefined) return `${channel} → ${to === '' ? 'nobody' : to}`;
  return String(name ?? on ?? measure ?? JSON.stringify(value));
}

const cut = (text: string): string => (text.length > MOST ? `${text.slice(0, MOST - 1)}…` : text);

const many = (n: number, one: string, more = `${one}s`): string => `${n.toLocaleString('en')} ${n === 1 ? one : more}`;

/** What a file does, or would do, in a sentence. */
export function planLine({ dryRun, created, changed, same, problems }: SystemsApplied): string {
  if (created + changed + problems.length === 0) return `No difference: ${many(same, 'system')} as they are.`;
  const parts = [
    ...(created > 0 ? [`${created.toLocaleString('en')} new`] : []),
    ...(changed > 0 ? [`${changed.toLocaleString('en')} changed`] : []),
    ...(same > 0 ? [`${same.toLocaleString('en')} as they are`] : []),
    ...(problems.length > 0 ? [`${many(problems.length, 'row')} cannot be taken`] : []),
  ];
  return `${dryRun ? 'Nothing is changed yet' : 'Applied'}: ${parts.join(', ')}.`;
}
