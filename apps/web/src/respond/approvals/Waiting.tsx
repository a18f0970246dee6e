import { breakGlass, type WaitingItem } from '@firebreak/contract/respond/break-glass';
import { containment } from '@firebreak/contract/respond/containment';
import { restorations } from '@firebreak/contract/respond/restorations';
import { Link } from '@tanstack/react-router';
import { useRef, useState } from 'react';
import { client, isCode } from '../../app/api.ts';
import { refresh, useAsk } from '../../app/ask.ts';
import { useKeys } from '../../app/keys.ts';
import { useNames } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { Rows, Section, Skeleton } from '../../ui/Card.tsx';
import { cx } from '../../ui/cx.ts';
import { Flag } from '../../ui/Marks.tsx';
import { Ago } from '../../ui/Time.tsx';
import { PreviewNote, ReachChanged } from '../containment/index.ts';
import { TakeBack } from './TakeBack.tsx';
import { WAITING_WORDS } from './words.ts';

const REFRESHES = [
  '/api/v1/approvals',
  '/api/v1/holds',
  '/api/v1/incidents',
  '/api/v1/glasses',
  '/api/v1/restorations',
];

interface Anyway {
  /** Whatever the instance that took it first made of it. */
  readonly force?: true;
  /** Mark of the preview that was looked at since. */
  readonly ifPreview?: string;
}

/** Answers for one thing that waits; exactly what is shown, or it is refused. */
async function agree(it: WaitingItem, anyway: Anyway): Promise<void> {
  const { incident, change } = it;
  if (it.kind === 'pull')
    await client.call(containment.approvePull, {
      params: { incident, pull: it.id as `pul_${string}` },
      body: { change, ...anyway },
    });
  else if (it.kind === 'break-glass')
    await client.call(breakGlass.approve, { params: { incident, glass: it.id as `gls_${string}` }, body: { change } });
  else if (it.kind === 'restoration')
    await client.call(restorations.approve, { params: { incident, hold: it.hold! }, body: { change } });
  else await client.call(containment.adopt, { params: { incident, hold: it.hold! }, body: {} });
  refresh(...REFRESHES);
}

/** What waits for another person, each answered with one press. `A` goes to the first that you may answer. */
export function Waiting({ incident }: { incident?: string }) {
  const list = useAsk(breakGlass.waiting, { query: incident ? { incident } : {} }, { every: 10_000 });
  const section = useRef<HTMLDivElement>(null);
  useKeys({ a: () => section.current?.querySelector('button')?.focus() });
  const items = list.data?.items ?? [];
  if (items.length === 0) return null;
  return (
    <div ref={section}>
      <Section title={`Waiting for a second person · ${items.length}`}>
        <Rows label="Waiting for a second person">
          {items.map((it) => (
            <Item key={`${it.kind} ${it.id}`} it={it} where={incident ? 'room' : 'now'} />
          ))}
        </Rows>
      </Section>
    </div>
  );
}

function Item({ it, where }: { it: WaitingItem; where: 'room' | 'now' }) {
  const nameOf = useNames();
  const [doing, setDoing] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const words = WAITING_WORDS[it.kind];
  const changed = isCode(error, 'hold.reach-changed');
  const answer = (anyway: Anyway = {}): void => {
    setDoing(true);
    setError(null);
    agree(it, anyway)
      .catch(setError)
      .finally(() => setDoing(false));
  };
  return (
    <li className={cx('border-l-4 px-3.5 py-2.5', it.overdue ? 'border-l-ember' : 'border-l-amber')}>
      <div className="flex flex-wrap items-start gap-x-3 gap-y-2">
        <div className="min-w-0 flex-1 basis-56">
          <p>
            <b className="font-[640]">
              {words.asks(nameOf(it.by))} {it.says}
            </b>{' '}
            on {it.system} {it.overdue && <Flag tone="ember">overdue</Flag>}
          </p>
          <p className="text-ink-2">“{it.reason}”</p>
          <p className="text-xs text-ink-3">
            {where === 'now' && (
              <>
                <Link to="/incidents/$incident/contain" params={{ incident: it.incidentLabel }} className="prose-link">
                  {it.incidentLabel}
                </Link>{' '}
                ·{' '}
              </>
            )}
            asked <Ago at={it.at} />
            {it.needed > 1 && ` · ${it.given} of ${it.needed} agreed`}
            {it.until && !it.overdue && (
              <>
                {' '}
                · {words.until} <Ago at={it.until} />
              </>
            )}
          </p>
          {it.blocked && <p className="mt-0.5 text-xs text-ink-2">{it.blocked}</p>}
        </div>
        {it.blocked === null && !changed && (
          <Button
            size="sm"
            look={words.look}
            busy={doing}
            onClick={() => answer()}
            className="max-phone:min-h-11 max-phone:w-full"
          >
            {words.press}
          </Button>
        )}
        {it.kind === 'pull' && <TakeBack it={it} refreshes={REFRESHES} />}
      </div>
      {changed ? (
        <LookAgain it={it} doing={doing} onAgree={(mark) => answer({ ifPreview: mark })} />
      ) : (
        error !== null && <Trouble error={error} />
      )}
      {isCode(error, 'hold.canary-failed') && (
        <Button
          look="danger"
          busy={doing}
          onClick={() => answer({ force: true })}
          className="mt-2 max-phone:min-h-11 max-phone:w-full"
        >
          Send it to everybody anyway
        </Button>
      )}
    </li>
  );
}

/** It would meet something else than when it was asked for: what it would meet now, and one press to agree to that. */
function LookAgain({ it, doing, onAgree }: { it: WaitingItem; doing: boolean; onAgree: (mark: string) => void }) {
  const pulls = useAsk(containment.listPulls, { params: { incident: it.incident } });
  const pull = pulls.data?.pulls.find((each) => each.pull === it.id);
  const preview = useAsk(
    containment.preview,
    { body: { system: it.system, what: pull?.what } },
    { enabled: pull !== undefined },
  );
  if (pulls.error ?? preview.error) return <Trouble error={pulls.error ?? preview.error} />;
  if (pull === undefined || preview.data === undefined) return <Skeleton lines={2} />;
  return (
    <div className="mt-2 grid gap-2">
      {pull.preview !== null && <ReachChanged before={pull.preview} now={preview.data.mark} />}
      <PreviewNote
        preview={preview.data}
        system={it.system}
        takeOver={false}
        onTakeOver={() => undefined}
        again={false}
        onAgain={() => undefined}
      />
      <Button
        look="danger"
        busy={doing}
        onClick={() => onAgree(preview.data!.mark)}
        className="max-phone:min-h-11 max-phone:w-full"
      >
        Agree to this
      </Button>
    </div>
  );
}
