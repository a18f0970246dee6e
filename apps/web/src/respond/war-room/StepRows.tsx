import { warRoom } from '@firebreak/contract/respond/war-room';
import type { GuideStep } from '@firebreak/core/respond/war-room';
import { Check } from 'lucide-react';
import { useAct } from '../../app/ask.ts';
import { useMay } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Commands, OWNER_TITLES } from '../../prepare/playbooks/index.ts';
import { cx } from '../../ui/cx.ts';
import { Flag } from '../../ui/Marks.tsx';
import { useRoom } from './room-context.tsx';

/** Steps to tick. What the record shows is ticked by itself and cannot be unticked. */
export function StepRows({ steps }: { steps: readonly GuideStep[] }) {
  const { incident } = useRoom();
  const writes = useMay('room.write');
  const tick = useAct(warRoom.tick);
  return (
    <>
      <ul className="rounded-lg border border-line bg-surface px-4 py-1.5 *:border-t *:border-t-line *:first:border-t-0">
        {steps.map((step) => (
          <li key={step.key} className="py-2">
            <label className="grid grid-cols-[1.25rem_minmax(0,1fr)] gap-2">
              <input
                type="checkbox"
                className="peer sr-only"
                checked={step.done !== null}
                disabled={!writes || step.done === 'fact' || tick.isPending}
                onChange={(event) =>
                  tick.mutate({
                    params: { incident: incident.id, step: step.key },
                    body: { done: event.target.checked },
                  })
                }
              />
              <span
                aria-hidden="true"
                className={cx(
                  'mt-0.5 grid size-4 place-items-center rounded-sm border-[1.5px] peer-focus-visible:outline-2 peer-focus-visible:outline-offset-2 peer-focus-visible:outline-blue',
                  step.done ? 'border-moss bg-moss text-surface' : 'border-edge',
                )}
              >
                {step.done && <Check size={12} strokeWidth={3.5} />}
              </span>
              <span className={step.done ? 'text-ink-3' : 'text-ink'}>
                {step.text}
                {step.done === 'fact' && <span className="block text-2xs">done, the record shows it</span>}
              </span>
            </label>
            {!step.done && <Beside step={step} />}
          </li>
        ))}
      </ul>
      {tick.error && <Trouble error={tick.error} />}
    </>
  );
}

function Beside({ step }: { step: GuideStep }) {
  const own = step.withinMinutes !== null && !step.late;
  if (!step.owner && !step.late && !own && !step.detail && !step.condition && step.commands.length === 0) return null;
  return (
    <div className="pl-7 text-xs text-ink-3">
      {step.detail && <p className="whitespace-pre-line">{step.detail}</p>}
      <p className="mt-0.5 flex flex-wrap items-center gap-x-2 gap-y-0.5">
        {step.owner && <span>{OWNER_TITLES[step.owner]}</span>}
        {step.condition && <span>only: {step.condition}</span>}
        {step.late && <Flag tone="amber">late</Flag>}
        {own && <Flag>by minute {step.due}</Flag>}
      </p>
      <Commands commands={[...step.commands]} />
    </div>
  );
}
