import type { TriagePack } from '@firebreak/contract/respond/triage-pack';
import { Rows } from '../../ui/Card.tsx';
import { FIGURE_WORDS, SURENESS_WORDS } from './words.ts';

type Figure = TriagePack['blast'][number];
const said = ({ value, limits, sureness }: Figure): string => {
  if (value === null) return '—';
  const count = value.toLocaleString('en');
  if (limits) return `${limits.lower.toLocaleString('en')} to ${limits.upper.toLocaleString('en')}`;
  return sureness === 'at-least' ? `≥ ${count}` : count;
};

/** The figures of the blast radius, each with how it came about. A dash is "nobody recorded it", not zero. */
export function Blast({ blast }: Pick<TriagePack, 'blast'>) {
  return (
    <Rows label="Blast radius">
      {blast.map((figure) => (
        <li key={figure.of}>
          <details className="px-3 py-2">
            <summary className="flex cursor-pointer list-none flex-wrap items-baseline gap-x-3">
              <span className="min-w-0 flex-1">{FIGURE_WORDS[figure.of] ?? figure.of}</span>
              <span className="font-[640] tabular-nums">{said(figure)}</span>
              <span className="w-24 text-right text-xs text-ink-3">{SURENESS_WORDS[figure.sureness]}</span>
            </summary>
            <p className="mt-1 text-xs text-ink-2">{figure.how}</p>
          </details>
        </li>
      ))}
    </Rows>
  );
}
