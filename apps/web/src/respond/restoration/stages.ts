import type { Stage } from '@firebreak/core/respond/restoration';

/** Ways of letting go that are often right; the last one is written by hand. */
export const WAYS = [
  { value: 'once', label: 'Everybody at once', text: '' },
  { value: 'hour', label: '10 % for 20 min, 50 % for 40 min, then everybody', text: '10 % 20 min\n50 % 40 min' },
  { value: 'day', label: '5 % for 4 h, 25 % for 20 h, then everybody', text: '5 % 4 h\n25 % 20 h' },
  { value: 'own', label: 'My own steps …', text: '' },
] as const;
export type Way = (typeof WAYS)[number]['value'];

const LINE = /^(?:(\d{1,2})\s*%)?\s*((?:[A-Za-z]{2}\b[\s,]*)*?)\s*(?:for\s+)?(\d{1,5})\s*(min|h)$/i;

/** `10 % 30 min`, `25 % NL, BE 2 h`: one stage to a line. Null where a line is not understood. */
export function stagesOf(text: string): Stage[] | null {
  const stages: Stage[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const found = LINE.exec(line.trim());
    if (found === null) return null;
    const [, percent = '0', countries = '', count, unit] = found;
    const list = countries.toUpperCase().match(/[A-Z]{2}/g) ?? [];
    stages.push({
      percent: Number(percent),
      ...(list.length > 0 && { countries: list }),
      minutes: Number(count) * (unit?.toLowerCase() === 'h' ? 60 : 1),
    });
  }
  return stages;
}

/** `10 % for 30 min`; `NL and 25 % for 2 h`. */
export function stageWords({ percent, countries, minutes }: Stage): string {
  const whom = [...(countries ?? []), ...(percent > 0 ? [`${percent} %`] : [])].join(' and ');
  return `${whom} for ${minutes % 60 === 0 ? `${minutes / 60} h` : `${minutes} min`}`;
}
