import { containment, type HoldRow, type InstanceAcknowledgement } from '@firebreak/contract/respond/containment';
import { LEVELS } from '@firebreak/core/respond/containment';
import { Link } from '@tanstack/react-router';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { span } from '../../ui/durations.ts';
import { Flag, type Tone } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { unaskedWords } from './hold-words.ts';
import { telemetryWords } from './telemetry-words.ts';

const STATES: Record<string, { readonly tone: Tone; readonly says: string }> = {
  acknowledged: { tone: 'moss', says: 'obeys' },
  missing: { tone: 'amber', says: 'has not answered' },
  unsupported: { tone: 'ember', says: 'does not know this kind of control' },
  refused: { tone: 'ember', says: 'did not accept it' },
  stale: { tone: 'plain', says: 'no sign of life' },
};
const PROOFS = {
  waiting: { tone: 'amber', says: 'waiting' },
  have: { tone: 'moss', says: 'proven' },
  missing: { tone: 'ember', says: 'missing' },
  'not-possible': { tone: 'plain', says: 'not possible' },
} as const;
const PROOF_TITLES = { acknowledged: 'Acknowledged', probe: 'Made-up requests', traffic: 'Real requests' } as const;

function triedWords({ tried, door, checks }: InstanceAcknowledgement): { tone: Tone; says: string } | null {
  const met = tried === 'effective' && door !== null ? door : tried;
  const where = door === null ? '' : ' at its front door';
  switch (met) {
    case 'effective':
      return { tone: 'moss', says: `tried${where}: it works` };
    case 'not-effective':
      return { tone: 'ember', says: `tried${where}: got through` };
    case 'too-wide':
      return { tone: 'ember', says: 'tried: stops too much' };
    case 'fault':
      return { tone: 'ember', says: 'tried: cannot judge' };
    case 'unknown':
    case 'unsupported':
      return { tone: 'plain', says: 'cannot be tried' };
    default:
      return checks ? { tone: 'amber', says: 'not tried yet' } : { tone: 'plain', says: 'too old to try' };
  }
}

/** What the three proofs of a hold are made of: each instance, each record that got past, and what was preserved first. */
export function HoldProofs({ hold }: { hold: HoldRow }) {
  const detail = useAsk(containment.showHold, { params: { hold: hold.hold } }, { every: 5_000 });
  return (
    <div className="mt-3 border-t border-line pt-3">
      <Shown of={detail} lines={2}>
        {({ acknowledgements, evidence, proofs, contrary, traffic, level, canary }) => (
          <div className="grid gap-3">
            {proofs && (
              <ul className="grid gap-1.5" aria-label="Proofs">
                {Object.values(proofs).map(({ proof, state, says, since }) => (
                  <li key={proof} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3">
                    <span className="font-[600]">{PROOF_TITLES[proof]}</span>
                    <span className="text-xs text-ink-3">
                      <Flag tone={PROOFS[state].tone}>{PROOFS[state].says}</Flag> since <Time at={since} />
                    </span>
                    <span className="col-span-2 text-xs text-ink-2">{says}</span>
                  </li>
                ))}
              </ul>
            )}
            {level && (
              <p className="text-xs text-ink-2">
                Level {level.at} of 4. {LEVELS[level.at]}
                {level.at < 4 && (
                  <> Next: {LEVELS[level.at + 1]!.charAt(0).toLowerCase() + LEVELS[level.at + 1]!.slice(1)}</>
                )}
              </p>
            )}
            {acknowledgements.length === 0 ? (
              <p className="text-ink-2">
                No guard of {hold.system} has ever connected. The order stands, and the first one that connects obeys it
                before it answers anybody.
              </p>
            ) : (
              <ul className="grid max-h-72 gap-1.5 overflow-y-auto" aria-label="Instances">
                {acknowledgements.map((each) => {
                  const state = STATES[each.state]!;
                  const tried = triedWords(each);
                  return (
                    <li key={each.instance} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3">
                      <span className="truncate">
                        {each.instance} <span className="text-xs text-ink-3">{each.host}</span>
                      </span>
                      <span className="flex flex-wrap items-baseline justify-end gap-x-2 gap-y-1">
                        {each.ackMs !== null && <span className="text-xs text-ink-3">{span(each.ackMs)}</span>}
                        <Flag tone={state.tone}>{state.says}</Flag>
                        {hold.state === 'active' && tried && <Flag tone={tried.tone}>{tried.says}</Flag>}
                      </span>
                      {each.why && <span className="col-span-2 text-xs text-ink-2">{each.why}</span>}
                    </li>
                  );
                })}
              </ul>
            )}
            {hold.state === 'active' && traffic.records > 0 && (
              <p className="text-xs text-ink-2">
                {traffic.records.toLocaleString('en')} {traffic.records === 1 ? 'record' : 'records'} of its scope since{' '}
                <Time at={traffic.since} />: {traffic.asIntended} as ordered, {traffic.contrary} got past.
              </p>
            )}
            {hold.state === 'active' && traffic.asIntended + traffic.contrary > 0 && (
              <p className="text-xs text-ink-3">
                Records do not say which instance served them. Each says its deployment, and who told of it: the
                application or a gateway.
              </p>
            )}
            {contrary.length > 0 && (
              <ul className="grid gap-1" aria-label="What got past">
                {contrary.map(({ interaction, at, says }) => (
                  <li key={interaction} className="text-xs">
                    <Link to="/records" search={{ system: hold.system, open: interaction }} className="prose-link">
                      A request <Time at={at} />
                    </Link>{' '}
                    {says}
                  </li>
                ))}
              </ul>
            )}
            {canary && (
              <p className="text-xs text-ink-2">
                {canary.instances.length > 0 &&
                  `Taken first by ${canary.instances.map(({ instance, says }) => `${instance}, which ${says}`).join('; ')}. `}
                {canary.unasked !== undefined && <b className="text-amber">{unaskedWords(canary.unasked)}</b>}
                {canary.forced && <b className="text-amber"> Sent to everybody all the same.</b>}
              </p>
            )}
            {evidence && 'manifest' in evidence && (
              <p className="text-xs text-ink-2">
                Preserved <Time at={evidence.takenAt} />: {evidence.versions.length} versions, {evidence.roster.length}{' '}
                instances, telemetry {telemetryWords(evidence.telemetry) || 'none'}. Digest{' '}
                <span className="font-mono break-all">{evidence.digest.slice(0, 16)}…</span>
              </p>
            )}
            {evidence && 'skipped' in evidence && (
              <p className="text-xs text-ink-2">Evidence was skipped: “{evidence.skipped}”</p>
            )}
          </div>
        )}
      </Shown>
    </div>
  );
}
