import { span } from '../../ui/durations.ts';

const STEPS = [60, 240, 1_440];

/** When a hold may end, as options; `chosen` minutes are among them whatever they are. An empty value stands until lifted. */
export function endings(chosen: string): { readonly value: string; readonly label: string }[] {
  const minutes = [...new Set([...STEPS, ...(chosen === '' ? [] : [Number(chosen)])])].sort((a, b) => a - b);
  return [
    { value: '', label: 'When a second person lifts it' },
    ...minutes.map((each) => ({ value: String(each), label: `By itself, after ${span(each * 60_000)}` })),
  ];
}

/** The same as the interface wants it. */
export function expiryOf(chosen: string): { mode: 'until-lifted' } | { mode: 'auto-after'; minutes: number } {
  return chosen === '' ? { mode: 'until-lifted' } : { mode: 'auto-after', minutes: Number(chosen) };
}
