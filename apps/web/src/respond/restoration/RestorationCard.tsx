import { type Restoration, restorations } from '@firebreak/contract/respond/restorations';
import { useState } from 'react';
import { useAct } from '../../app/ask.ts';
import { useMay, useMe, useNames } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Input } from '../../ui/Field.tsx';
import { Flag, type Tone } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { stageWords } from './stages.ts';

const STATES: Readonly<Record<Restoration['state'], { readonly says: string; readonly tone: Tone }>> = {
  asked: { says: 'waits', tone: 'amber' },
  staged: { says: 'letting go', tone: 'blue' },
  watched: { says: 'watched', tone: 'blue' },
  done: { says: 'restored', tone: 'moss' },
  halted: { says: 'came back', tone: 'ember' },
  withdrawn: { says: 'withdrawn', tone: 'plain' },
};
const REFRESHES = ['/api/v1/incidents', '/api/v1/holds', '/api/v1/restorations'];

/** How one hold is let go: what is still needed, who agreed, which step it is at, and the brake. */
export function RestorationCard({ of }: { of: Restoration }) {
  const nameOf = useNames();
  const state = STATES[of.state];
  const open = of.conditions.filter(({ met }) => met === null).length;
  const short = of.approvals.needed - of.approvals.given.length;
  return (
    <section aria-label={`Letting go of ${of.label}`} className="mt-3 border-t border-line pt-3">
      <p className="flex items-baseline gap-2">
        <b className="flex-1 font-[640]">Letting go</b>
        <Flag tone={state.tone}>{state.says}</Flag>
      </p>
      <p className="text-ink-2">
        {nameOf(of.askedBy)} asked <Ago at={of.askedAt} />: “{of.reason}”
      </p>
      {of.state === 'asked' && (
        <p className="mt-1 text-xs text-ink-2">
          {open > 0
            ? `${open} of ${of.conditions.length} conditions are open.`
            : short > 0
              ? `Everything is met. ${short === 1 ? 'One more person has' : `${short} more people have`} to agree.`
              : 'It begins.'}
        </p>
      )}
      {of.conditions.length > 0 && (
        <ul className="mt-2 grid gap-1.5">
          {of.conditions.map((each, place) => (
            <ConditionRow
              key={each.condition.kind === 'check' ? each.condition.text : each.condition.suite}
              of={of}
              place={place}
            />
          ))}
        </ul>
      )}
      {of.approvals.given.map(({ at, by, note }) => (
        <p key={at} className="mt-1 text-xs text-ink-2">
          {nameOf(by)} agreed <Time at={at} />
          {note && `: “${note}”`}
        </p>
      ))}
      {(of.state === 'staged' || of.state === 'watched') && <Steps of={of} />}
      {of.why && (
        <p className="mt-2 rounded-sm border border-ember-line bg-ember-soft px-2.5 py-1.5 text-xs text-ink">
          {of.why}
        </p>
      )}
      <Moves of={of} ready={open === 0} />
    </section>
  );
}

function ConditionRow({ of, place }: { of: Restoration; place: number }) {
  const nameOf = useNames();
  const may = useMay('room.write');
  const [note, setNote] = useState<string | null>(null);
  const meet = useAct(restorations.meet, { refreshes: REFRESHES, done: () => setNote(null) });
  const { condition, met } = of.conditions[place]!;
  const says = condition.kind === 'check' ? condition.text : `“${condition.name}” passes`;
  return (
    <li className={cx('border-l-4 pl-2.5', met ? 'border-l-moss' : 'border-l-amber')}>
      <span>{says}</span>
      {met ? (
        <span className="block text-xs text-ink-2">
          {nameOf(met.by)}: {met.note}
        </span>
      ) : condition.kind === 'suite' ? (
        <span className="block text-xs text-ink-2">Met by the next run that passes.</span>
      ) : (
        of.state === 'asked' &&
        may &&
        (note === null ? (
          <Button size="sm" look="quiet" className="ml-2" onClick={() => setNote('')}>
            It is so …
          </Button>
        ) : (
          <form
            className="mt-1 flex items-end gap-2"
            onSubmit={(event) => {
              event.preventDefault();
              meet.mutate({ params: { incident: of.incident, hold: of.hold }, body: { condition: place, note } });
            }}
          >
            <div className="min-w-0 flex-1">
              <Input label="How you know" value={note} onText={setNote} autoFocus required />
            </div>
            <Button type="submit" size="sm" look="strong" busy={meet.isPending} disabled={note.trim() === ''}>
              Say so
            </Button>
          </form>
        ))
      )}
      {meet.error && <Trouble error={meet.error} />}
    </li>
  );
}

function Steps({ of }: { of: Restoration }) {
  const names = [...of.stages.map(stageWords), 'everybody'];
  return (
    <>
      <ol className="mt-2 flex flex-wrap gap-1.5 text-xs" aria-label="Steps">
        {names.map((name, index) => {
          const now = index === of.step - 1;
          return (
            <li
              key={name}
              aria-current={now ? 'step' : undefined}
              className={cx(
                'rounded-sm border px-2 py-1',
                now
                  ? 'border-blue-line bg-blue-soft font-[640]'
                  : index < of.step
                    ? 'border-line bg-sunken'
                    : 'border-line text-ink-3',
              )}
            >
              {name}
            </li>
          );
        })}
      </ol>
      {of.nextAt && (
        <p className="mt-1 text-xs text-ink-2">
          {of.state === 'watched' ? 'Watched until ' : 'The next step begins '}
          <Time at={of.nextAt} /> (<Ago at={of.nextAt} />
          ). If it comes back, everybody is held again.
        </p>
      )}
    </>
  );
}

function Moves({ of, ready }: { of: Restoration; ready: boolean }) {
  const mayLift = useMay('containment.lift');
  const mayOrder = useMay('containment.order');
  const [halting, setHalting] = useState<string | null>(null);
  const approve = useAct(restorations.approve, { refreshes: REFRESHES });
  const withdraw = useAct(restorations.withdraw, { refreshes: REFRESHES });
  const halt = useAct(restorations.halt, { refreshes: REFRESHES, done: () => setHalting(null) });
  const params = { incident: of.incident, hold: of.hold };
  const isMine = useMe().data?.id === of.askedBy.id;
  const waits = of.state === 'asked';
  const error = waits ? (approve.error ?? withdraw.error) : halt.error;
  const isGoing = of.state === 'staged' || of.state === 'watched';
  return (
    <div className="mt-2 grid gap-2">
      <div className="flex flex-wrap gap-2">
        {waits && mayLift && ready && !isMine && (
          <Button
            size="sm"
            look="strong"
            busy={approve.isPending}
            onClick={() => approve.mutate({ params, body: { change: of.change } })}
          >
            Agree to let go
          </Button>
        )}
        {waits && mayOrder && (
          <Button
            size="sm"
            look="quiet"
            busy={withdraw.isPending}
            onClick={() => withdraw.mutate({ params, body: { reason: 'withdrawn on the screen' } })}
          >
            Withdraw
          </Button>
        )}
        {isGoing && mayOrder && halting === null && (
          <Button size="sm" look="brake" onClick={() => setHalting('')}>
            Hold everybody again
          </Button>
        )}
      </div>
      {waits && ready && isMine && (
        <p className="text-xs text-ink-2">You asked for it, so somebody else has to agree.</p>
      )}
      {isGoing && halting !== null && (
        <form
          className="flex items-end gap-2"
          onSubmit={(event) => {
            event.preventDefault();
            halt.mutate({ params, body: { reason: halting } });
          }}
        >
          <div className="min-w-0 flex-1">
            <Input label="What you see" value={halting} onText={setHalting} autoFocus required />
          </div>
          <Button type="submit" size="sm" look="brake" busy={halt.isPending} disabled={halting.trim() === ''}>
            Hold again
          </Button>
        </form>
      )}
      {error && <Trouble error={error} />}
    </div>
  );
}
