import { inventory } from '@firebreak/contract/prepare/inventory';
import { agentTokens } from '@firebreak/contract/respond/agent-tokens';
import { containment, type HoldRow } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { restorations } from '@firebreak/contract/respond/restorations';
import { Link } from '@tanstack/react-router';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { useAsk } from '../../app/ask.ts';
import { useNames } from '../../app/session.tsx';
import { Shown } from '../../app/Trouble.tsx';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { span } from '../../ui/durations.ts';
import { Flag, Id, type Tone } from '../../ui/Marks.tsx';
import { Ago, Time } from '../../ui/Time.tsx';
import { RestorationCard } from '../restoration/index.ts';
import { AdoptHold } from './AdoptHold.tsx';
import { gateWords, inForceTitle, missingWords, scopeWords } from './hold-words.ts';
import { Truths } from './Truths.tsx';
import { telemetryWords } from './telemetry-words.ts';

const GlassButton = lazy(() => import('../break-glass/index.ts').then((m) => ({ default: m.GlassButton })));

/** One hold: what it does, its three truths, why, until when, who obeys, and the way to let go. */
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
  const missing = active && hold.confirmation === 'failed' ? missingWords(hold) : null;
  return (
    <article aria-label={`${hold.label}: ${hold.says}`} className="rounded-lg border border-line bg-surface p-4">
      <div className="flex items-baseline gap-2">
        <h3 className={cx('min-w-0 flex-1 font-[640]', !active && 'text-ink-2')}>{inForceTitle(hold)}</h3>
        <Id>{hold.label}</Id>
      </div>
      <p className="text-xs text-ink-2">
        {scopeWords(hold, system?.name ?? hold.system, feature)}
        {where !== 'room' && <IncidentOf hold={hold} />}
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
            {open ? 'Hide who obeys' : 'Who obeys'}
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
      {open && <WhoObeys hold={hold} />}
      {children}
      {restoration && <RestorationCard of={restoration} />}
    </article>
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

function IncidentOf({ hold }: { hold: HoldRow }) {
  const incident = useAsk(incidents.show, { params: { incident: hold.incident } }).data?.incident;
  const label = incident?.label ?? hold.incident;
  return (
    <>
      {' · '}
      <Link to="/incidents/$incident" params={{ incident: label }} className="prose-link whitespace-nowrap">
        {label}
      </Link>
    </>
  );
}

const STATES: Record<string, { readonly tone: Tone; readonly says: string }> = {
  acknowledged: { tone: 'moss', says: 'obeys' },
  missing: { tone: 'amber', says: 'has not answered' },
  unsupported: { tone: 'ember', says: 'does not know this kind of control' },
  refused: { tone: 'ember', says: 'did not accept it' },
  stale: { tone: 'plain', says: 'no sign of life' },
};

function WhoObeys({ hold }: { hold: HoldRow }) {
  const detail = useAsk(containment.showHold, { params: { hold: hold.hold } }, { every: 5_000 });
  return (
    <div className="mt-3 border-t border-line pt-3">
      <Shown of={detail} lines={2}>
        {({ acknowledgements, evidence }) => (
          <>
            {acknowledgements.length === 0 ? (
              <p className="text-ink-2">
                No guard of {hold.system} has ever connected. The order stands, and the first one that connects obeys it
                before it answers anybody.
              </p>
            ) : (
              <ul className="grid max-h-72 gap-1.5 overflow-y-auto" aria-label="Instances">
                {acknowledgements.map((each) => {
                  const state = STATES[each.state]!;
                  return (
                    <li key={each.instance} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3">
                      <span className="truncate">
                        {each.instance} <span className="text-xs text-ink-3">{each.host}</span>
                      </span>
                      <span className="flex items-baseline gap-2">
                        {each.ackMs !== null && <span className="text-xs text-ink-3">{span(each.ackMs)}</span>}
                        <Flag tone={state.tone}>{state.says}</Flag>
                      </span>
                      {each.why && <span className="col-span-2 text-xs text-ink-2">{each.why}</span>}
                    </li>
                  );
                })}
              </ul>
            )}
            {evidence && 'manifest' in evidence && (
              <p className="mt-3 text-xs text-ink-2">
                Preserved <Time at={evidence.takenAt} />: {evidence.versions.length} versions, {evidence.roster.length}{' '}
                instances, telemetry {telemetryWords(evidence.telemetry) || 'none'}. Digest{' '}
                <span className="font-mono break-all">{evidence.digest.slice(0, 16)}…</span>
              </p>
            )}
            {evidence && 'skipped' in evidence && (
              <p className="mt-3 text-xs text-ink-2">Evidence was skipped: “{evidence.skipped}”</p>
            )}
          </>
        )}
      </Shown>
    </div>
  );
}
