import type { Recommendation, RecommendedOrder } from '@firebreak/contract/respond/recommendation';
import { useState } from 'react';
import { Input } from '../../ui/Field.tsx';
import { amountOf, madeOf } from './words.ts';

export type Worth = Recommendation['worth'];

const FIELDS = [
  ['lossPerHour', 'An hour of harm costs'],
  ['costPerRequest', 'One good request not served costs'],
  ['needless', 'If it was needless, it costs on top'],
  ['hours', 'Weighed for so many hours'],
] as const;

/** From which probability of harm an order is worth it, and what that is made of, open to change in place. */
export function Weighing({
  order,
  about,
  onWorth,
  onPrevented,
}: {
  order: RecommendedOrder;
  about: Pick<Recommendation, 'worth' | 'worthFrom'>;
  onWorth: (worth: Partial<Worth>) => void;
  /** 0 to 1; null: as the table has it. */
  onPrevented: (share: number | null) => void;
}) {
  const { weighed } = order;
  const { worth, worthFrom } = about;
  const [texts, setTexts] = useState<Partial<Record<keyof Worth, string>>>({});
  const [share, setShare] = useState<string | null>(null);
  const text = (name: keyof Worth) => texts[name] ?? (worth[name] === null ? '' : String(worth[name]));
  return (
    <details className="rounded-md border border-line px-3">
      <summary className="cursor-pointer py-3 text-sm font-[560]">{weighed.says}</summary>
      <div className="grid gap-2 pb-3">
        {weighed.unknown.length > 0 && (
          <ul className="grid gap-0.5 text-xs text-amber" aria-label="Not known">
            {weighed.unknown.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        )}
        <p className="text-xs text-ink-2">{madeOf(weighed)}</p>
        <p className="text-xs text-ink-3">
          The share it prevents is judgement, not measured. Any unit will do, as long as it is the same everywhere.
          {worthFrom && ` As said for ${worthFrom.label}.`}
        </p>
        <div className="grid grid-cols-2 gap-3">
          {FIELDS.map(([name, label]) => (
            <Input
              key={name}
              label={label}
              inputMode="decimal"
              className="min-h-11"
              value={text(name)}
              onText={(value) => {
                setTexts({ ...texts, [name]: value });
                const amount = amountOf(value);
                if (name === 'lossPerHour' || name === 'costPerRequest') onWorth({ [name]: amount });
                else if (amount !== null && (name === 'needless' || (amount >= 0.25 && amount <= 720)))
                  onWorth({ [name]: amount });
              }}
            />
          ))}
          <Input
            label="It prevents, in percent of the harm"
            inputMode="decimal"
            className="min-h-11"
            value={share ?? String(Math.round(weighed.prevented * 100))}
            onText={(value) => {
              setShare(value);
              const percent = amountOf(value);
              onPrevented(percent === null || percent > 100 ? null : percent / 100);
            }}
          />
        </div>
      </div>
    </details>
  );
}
