import type { Instant } from '@firebreak/core/kernel';
import { PHASES } from '@firebreak/core/prepare/playbooks';
import { guideAt } from '@firebreak/core/respond/war-room';
import { useNow } from '../../ui/clock.ts';
import { cx } from '../../ui/cx.ts';
import { span } from '../../ui/durations.ts';

const FIRST = PHASES.slice(0, 4);
const LONG = PHASES.slice(4);

/** The first hour as a line with a moving end; after it, the long phases. Phases follow the clock and never jump. */
export function FirstHour({ declaredAt }: { declaredAt: Instant }) {
  const now = useNow(1_000);
  const minute = (now - Date.parse(declaredAt)) / 60_000;
  const phases = minute < 60 ? FIRST : LONG;
  const guide = guideAt([], declaredAt, new Date(now).toISOString() as Instant);
  const here = PHASES.find((phase) => phase.key === guide.phase)!;
  const over = minute >= here.to;
  const left = over ? 'past its end' : `${span((here.to - minute) * 60_000)} left`;
  return (
    <div
      role="img"
      aria-label={`${minute < 60 ? 'First hour' : 'After the first hour'}: ${here.name}, ${left}`}
      className={cx('mt-3 grid gap-0.5', minute < 60 ? 'grid-cols-[10fr_20fr_20fr_10fr]' : 'grid-cols-4')}
    >
      {phases.map((phase) => {
        const done = minute >= phase.to;
        const current = !done && minute >= phase.from;
        const share = current ? ((minute - phase.from) / (phase.to - phase.from)) * 100 : 0;
        return (
          <div key={phase.key} className={cx('min-w-0 pb-1 text-2xs', current ? 'font-[600] text-ink' : 'text-ink-3')}>
            <i className={cx('mb-1 block h-1 overflow-hidden rounded-full', done ? 'bg-moss' : 'bg-line')}>
              {current && <b className="block h-full bg-amber" style={{ width: `${share}%` }} />}
            </i>
            <span className="block truncate">
              {phase.name}{' '}
              <span className={current ? 'max-phone:hidden' : 'font-normal max-phone:hidden'}>
                {reach(phase.from, phase.to)}
                {current && ` · ${left}`}
              </span>
            </span>
          </div>
        );
      })}
    </div>
  );
}

function reach(from: number, to: number): string {
  if (to <= 60) return `${from}–${to}`;
  return to <= 72 * 60 ? `${from / 60}–${to / 60} h` : `${from / 1_440}–${to / 1_440} d`;
}
