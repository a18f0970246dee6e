import type { HoldRow } from '@firebreak/contract/respond/containment';
import type { ReactNode } from 'react';
import { firstName, useNames } from '../../app/session.tsx';
import { cx } from '../../ui/cx.ts';
import type { Tone } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { acknowledgedTruth, levelWords, probeTruth, trafficTruth } from './hold-words.ts';

const INK: Record<Tone, string> = {
  moss: 'text-moss',
  amber: 'text-amber',
  ember: 'text-ember',
  blue: 'text-blue',
  plain: 'text-ink',
};

interface BoxProps {
  name: string;
  figure: ReactNode;
  tone: Tone;
  /** Opens what the figure is made of. */
  onOpen?: (() => void) | undefined;
  children: ReactNode;
}

function Box({ name, figure, tone, onOpen, children }: BoxProps) {
  const shown = cx('text-lg leading-snug font-[640]', INK[tone]);
  return (
    <div
      data-truth={name}
      className={cx(
        'relative min-w-0 rounded-sm border border-line bg-surface px-2.5 py-1.5',
        onOpen && 'hover:border-edge',
      )}
    >
      <dt className="sr-only">{name}</dt>
      <dd>
        {onOpen ? (
          <button
            type="button"
            onClick={onOpen}
            title="Open what this is made of"
            className={cx(shown, 'after:absolute after:inset-0')}
          >
            {figure}
          </button>
        ) : (
          <span className={shown}>{figure}</span>
        )}
      </dd>
      <dd className="text-2xs text-ink-2">{children}</dd>
    </div>
  );
}

/** Ordered, and the three proofs that it holds: each by itself, never one green tick. */
export function Truths({ hold, onOpen }: { hold: HoldRow; onOpen?: () => void }) {
  const nameOf = useNames();
  const acknowledged = acknowledgedTruth(hold);
  const probe = probeTruth(hold);
  const traffic = trafficTruth(hold);
  return (
    <>
      <p data-truth="ordered" className="mb-1.5 text-xs text-ink-2">
        <b className="font-[620] text-ink">Ordered</b> <Time at={hold.orderedAt} /> by{' '}
        {firstName(nameOf(hold.orderedBy))}
        {hold.level && <> · {levelWords(hold.level)}</>}
      </p>
      <dl className="grid grid-cols-3 gap-1.5">
        <Box name="acknowledged" figure={acknowledged.figure} tone={acknowledged.tone} onOpen={onOpen}>
          {acknowledged.says}
        </Box>
        <Box name="probe" figure={probe.figure} tone={probe.tone} onOpen={onOpen}>
          {probe.says}
        </Box>
        <Box name="traffic" figure={traffic.figure} tone={traffic.tone} onOpen={onOpen}>
          {traffic.says}
          {hold.seen.lastAt && (
            <>
              , <Ago at={hold.seen.lastAt} />
            </>
          )}
        </Box>
      </dl>
    </>
  );
}
