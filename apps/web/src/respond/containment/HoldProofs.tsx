import { containment, type HoldRow, type InstanceAcknowledgement } from '@firebreak/contract/respond/containment';
import { LEVELS } from '@firebreak/core/respond/containment';
import { Link } from '@tanstack/react-router';
import { useAsk } from '../../app/ask.ts';
import { Shown } from '../../app/Trouble.tsx';
import { span } from '../../ui/durations.ts';
import { Flag, type Tone } from '../../ui/Marks.tsx';
import { Time } from '../../ui/Time.tsx';
import { throughWords, unaskedWords, underWayWords } from './hold-words.ts';
import { SayGone } from './SayGone.tsx';
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
const UNSEEN = { refused: 0, rerouted: 0, lastAt: null };
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
                Level {level.at} of 4. {level.says}
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
                  const through = throughWords(each, traffic.records);
                  const past = each.traffic?.contrary ?? 0;
                  return (
                    <li key={each.instance} className="grid grid-cols-[minmax(0,1fr)_auto] items-baseline gap-x-3">
                      <span className="break-all">
                        {each.instance} <span className="text-xs text-ink-3">{each.host}</span>
                      </span>
                      <span className="flex flex-wrap items-baseline justify-end gap-x-2 gap-y-1">
                        {each.ackMs !== null && <span className="text-xs text-ink-3">{span(each.ackMs)}</span>}
                        <Flag tone={state.tone}>{state.says}</Flag>
                        {hold.state === 'active' && tried && <Flag tone={tried.tone}>{tried.says}</Flag>}
                        {past > 0 && <Flag tone="ember">{past.toLocaleString('en')} got past</Flag>}
                      </span>
                      {each.why && <span className="col-span-2 text-xs text-ink-2">{each.why}</span>}
                      {hold.state === 'active' && each.state !== 'acknowledged' && (
                        <span className="col-span-2">
                          <SayGone hold={hold} instance={each.instance} />
                        </span>
                      )}
                      {through && <span className="col-span-2 text-xs text-ink-3">{through}</span>}
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
            {underWayWords(traffic.underWay) && <p className="text-xs text-ink-2">{underWayWords(traffic.underWay)}</p>}
            {traffic.elsewhere.length > 0 && (
              <div className="text-xs">
                <p className="text-ink-2">
                  Records name {traffic.elsewhere.length === 1 ? 'an instance' : 'instances'} that no guard or gateway
                  here has as its name, so nothing enforces the order there, or it tells of itself by another name:
                </p>
                <ul className="mt-1 grid gap-1" aria-label="Named by records alone">
                  {traffic.elsewhere.map((each) => (
                    <li key={each.instance} className="flex flex-wrap items-baseline gap-x-2">
                      <span className="break-all">{each.instance}</span>
                      <span className="text-ink-3">
                        {throughWords({ seen: UNSEEN, traffic: each }, traffic.records)}
                      </span>
                    </li>
                  ))}
                </ul>
              </div>
            )}
            {hold.state === 'active' && traffic.unnamed > 0 && (
              <p className="text-xs text-ink-3">
                {traffic.unnamed === traffic.records ? 'None' : traffic.unnamed.toLocaleString('en')} of these records{' '}
                {traffic.unnamed === traffic.records ? 'says' : traffic.unnamed === 1 ? 'does not say' : 'do not say'}{' '}
                which instance it went through: have the application send <code>service.instance.id</code>, or{' '}
                <code>instance</code>, with what it records.
              </p>
            )}
            {contrary.length > 0 && (
              <ul className="grid gap-1" aria-label="What got past">
                {contrary.map(({ interaction, at, says, instances }) => (
                  <li key={interaction} className="text-xs">
                    <Link to="/records" search={{ system: hold.system, open: interaction }} className="prose-link">
                      A request <Time at={at} />
                    </Link>{' '}
                    {says}
                    {instances.length > 0 && <span className="text-ink-3"> through {instances.join(' and ')}</span>}
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
