import { inventory } from '@firebreak/contract/prepare/inventory';
import { agentTokens } from '@firebreak/contract/respond/agent-tokens';
import type { HoldRow } from '@firebreak/contract/respond/containment';
import { restorations } from '@firebreak/contract/respond/restorations';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { useAsk } from '../../app/ask.ts';
import { useNames } from '../../app/session.tsx';
import { Button } from '../../ui/Button.tsx';
import { Skeleton } from '../../ui/Card.tsx';
import { cx } from '../../ui/cx.ts';
import { Id } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { RestorationCard } from '../restoration/index.ts';
import { AdoptHold } from './AdoptHold.tsx';
import { HeldBeside, IncidentLink } from './HeldBeside.tsx';
import { gateWords, inForceTitle, missingProofs, missingWords, scopeWords } from './hold-words.ts';
import { NobodyTold, SaidGone, SayGone } from './SayGone.tsx';
import { Truths } from './Truths.tsx';

const GlassButton = lazy(() => import('../break-glass/index.ts').then((m) => ({ default: m.GlassButton })));
const HoldProofs = lazy(() => import('./HoldProofs.tsx').then((m) => ({ default: m.HoldProofs })));

/** One hold: what it does, its three proofs, why, until when, who obeys, and the way to let go. */
export function HoldCard({
  hold,
  where,
  children,
}: {
  hold: HoldRow;
  where: 'room' | 'system' | 'now';
  children?: ReactNode;
}) {
  const { ask } = useActions();
  const nameOf = useNames();
  const [open, setOpen] = useState(false);
  const active = hold.state === 'active';
  const system = useAsk(inventory.show, { params: { system: hold.system } }).data?.system;
  const feature = system?.features.find((each) => each.key === hold.what.feature)?.name;
  const restoration =
    useAsk(
      restorations.list,
      { params: { incident: hold.incident } },
      { enabled: where === 'room', every: 3_000 },
    ).data?.restorations.find((each) => each.hold === hold.hold) ?? null;
  const underWay = restoration !== null && ['asked', 'staged', 'watched'].includes(restoration.state);
  const lacking = active ? missingProofs(hold) : [];
  const told = lacking.some(({ proof }) => proof === 'acknowledged');
  const missing = active && !told && hold.confirmation === 'failed' ? missingWords(hold) : null;
  return (
    <article aria-label={`${hold.label}: ${hold.says}`} className="rounded-lg border border-line bg-surface p-4">
      <div className="flex items-baseline gap-2">
        <h3 className={cx('min-w-0 flex-1 font-[640]', !active && 'text-ink-2')}>{inForceTitle(hold)}</h3>
        <Id>{hold.label}</Id>
      </div>
      <p className="text-xs text-ink-2">
        {scopeWords(hold, system?.name ?? hold.system, feature)}
        {where !== 'room' && (
          <>
            {' · '}
            <IncidentLink incident={hold.incident} />
          </>
        )}
      </p>
      {active ? (
        <div className="mt-2.5">
          <Truths hold={hold} {...(where !== 'now' && { onOpen: () => setOpen(!open) })} />
        </div>
      ) : (
        <p className="mt-2 text-ink-2">
          {hold.state === 'expired' ? 'Expired' : 'Lifted'}{' '}
          {hold.ended && (
            <>
              <Time at={hold.ended.at} />
              {hold.state === 'lifted' && (
                <>
                  {' '}
                  by {nameOf(hold.ended.by)}: “{hold.ended.reason}”
                </>
              )}
            </>
          )}
        </p>
      )}
      {missing && (
        <p className="mt-2 rounded-sm border border-amber-line bg-amber-soft px-2.5 py-1.5 text-xs text-ink">
          <b className="text-amber">Not obeyed everywhere.</b> {missing}
        </p>
      )}
      {active && <SaidGone gone={hold.gone} />}
      {lacking.map((proof) => (
        <Lacking key={proof.proof} proof={proof} hold={hold} />
      ))}
      <p className="mt-2 text-ink-2">“{hold.reason}”</p>
      <p className="mt-1 text-xs text-ink-3">
        {hold.manifest ? 'Evidence preserved first' : 'Evidence was not preserved'}
        {active &&
          (hold.expiry.mode === 'auto' ? (
            <>
              {' '}
              · ends by itself <Ago at={hold.expiry.at} />
            </>
          ) : (
            ' · stands until lifted'
          ))}
        {active && hold.gate && ` · has conditions: ${gateWords(hold.gate)}`}
        {active && hold.seconded && ` · ${nameOf(hold.seconded)} agreed first`}
        {active && hold.glass && ' · lets everybody go: the glass is broken'}
        {active &&
          !hold.glass &&
          hold.release &&
          hold.release.percent > 0 &&
          ` · lets ${hold.release.percent} % go already`}
      </p>
      {active && where !== 'now' && <HeldBeside hold={hold} />}
      {active && hold.adopt && <AdoptHold hold={hold} />}
      {hold.what.kind === 'revoke' && where === 'room' && active && <TokensLeft hold={hold} />}
      {hold.what.kind === 'revoke' && where === 'room' && (
        <p className="mt-1 text-xs text-ink-2">
          What was done before stays done.{' '}
          <a href="#actions" className="prose-link">
            What agents did, and how it is undone
          </a>
        </p>
      )}
      {where !== 'now' && (
        <div className="mt-3 flex flex-wrap items-center gap-2">
          <Button size="sm" aria-expanded={open} onClick={() => setOpen(!open)}>
            {open ? 'Hide what it is made of' : 'Who obeys'}
          </Button>
          {active && !underWay && (
            <Button size="sm" onClick={() => ask({ kind: 'restore', hold: hold.hold })}>
              Let go step by step …
            </Button>
          )}
          {active && hold.gate === null && !underWay && (
            <Button size="sm" onClick={() => ask({ kind: 'lift', hold: hold.hold })}>
              Lift …
            </Button>
          )}
          {active && hold.glass === null && where === 'room' && (
            <Suspense fallback={null}>
              <GlassButton hold={hold} />
            </Suspense>
          )}
          {active && hold.expiry.mode === 'auto' && !hold.adopt && (
            <Button size="sm" look="quiet" onClick={() => ask({ kind: 'extend', hold: hold.hold })}>
              Extend …
            </Button>
          )}
        </div>
      )}
      {open && (
        <Suspense fallback={<Skeleton lines={2} />}>
          <HoldProofs hold={hold} />
        </Suspense>
      )}
      {children}
      {restoration && <RestorationCard of={restoration} />}
    </article>
  );
}

const NAMED = 5;

/** A proof that did not come in its time: what is missing, what to do next, and who was told. */
function Lacking({ proof, hold }: { proof: ReturnType<typeof missingProofs>[number]; hold: HoldRow }) {
  const { title, says, missing, todo, since, escalated } = proof;
  const named = missing.slice(0, NAMED).map(({ instance, host, why }) => `${instance}${host && ` on ${host}`}: ${why}`);
  return (
    <div
      role="status"
      data-missing={proof.proof}
      className="mt-2 rounded-sm border border-ember-line bg-ember-soft px-2.5 py-1.5 text-xs text-ink"
    >
      <p>
        <b className="text-ember">{title}</b> {says} <span className="text-ink-2">Since</span> <Time at={since} />
      </p>
      {named.length > 0 && (
        <p className="mt-0.5">
          {named.join('; ')}
          {missing.length > NAMED && `; and ${missing.length - NAMED} more`}
        </p>
      )}
      {todo.length > 0 && (
        <ul className="mt-1 list-disc pl-4">
          {todo.map((each) => (
            <li key={each}>{each}</li>
          ))}
        </ul>
      )}
      {proof.proof === 'acknowledged' &&
        missing.slice(0, NAMED).map(({ instance }) => (
          <div key={instance} className="mt-1.5 flex flex-wrap items-center justify-between gap-2">
            <span className="min-w-0 break-all">{instance}</span>
            <SayGone hold={hold} instance={instance} />
          </div>
        ))}
      <p className="mt-1 text-ink-2">
        {escalated === null ? (
          'On-call is about to be told.'
        ) : escalated.to.length === 0 ? (
          <NobodyTold />
        ) : (
          <>
            Told <Ago at={escalated.at} />: {escalated.to.map(({ name }) => name).join(', ')}
          </>
        )}
      </p>
    </div>
  );
}

/** What the order cannot reach by itself: tokens that somebody checks by their signature alone. */
function TokensLeft({ hold }: { hold: HoldRow }) {
  const left = useAsk(agentTokens.residual, { params: { system: hold.system } }, { every: 10_000 }).data?.agents ?? [];
  const last = left
    .filter(({ revoked }) => revoked)
    .map(({ lastEndsAt }) => lastEndsAt)
    .sort()
    .at(-1);
  if (last === undefined) return null;
  return (
    <p className="mt-1 text-xs text-ink-2">
      Tokens are refused wherever Firebreak is asked. Who checks signatures alone may believe one until{' '}
      <Time at={last} />.
    </p>
  );
}
