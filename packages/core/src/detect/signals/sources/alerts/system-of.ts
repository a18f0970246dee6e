import { systemKeyOf } from '../otlp/interactions.ts';
import type { Alert } from './alert.ts';

/** Labels that mean an AI system wherever they are set, and labels that may. */
const PLAIN = ['ai_system', 'firebreak_system', 'ai.system', 'system'];
const MAYBE = [
  'service',
  'service_name',
  'service.name',
  'app',
  'application',
  'component',
  'project',
  'job',
  'target',
];

/**
 * The AI system an alert is about. `named`: somebody said so, by the source or a label that means it. `maybe`: keys to try
 * against the systems that are registered, likeliest first.
 */
export function systemOfAlert(
  alert: Pick<Alert, 'labels' | 'source'>,
  rule: { readonly system: string | null; readonly label: string },
): { readonly named: string | null; readonly maybe: readonly string[] } {
  if (rule.system !== null) return { named: rule.system, maybe: [] };
  const keys = (names: readonly string[]) =>
    names.flatMap((name) => {
      const value = Object.hasOwn(alert.labels, name) ? alert.labels[name] : undefined;
      return value === undefined ? [] : (systemKeyOf(value) ?? []);
    });
  const named = keys(rule.label === '' ? PLAIN : [rule.label])[0] ?? null;
  const about = alert.source === null ? null : systemKeyOf(alert.source);
  return { named, maybe: [...new Set([...keys(MAYBE), ...(about === null ? [] : [about])])] };
}
