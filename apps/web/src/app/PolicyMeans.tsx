import { channels } from '@firebreak/contract/detect/channels';
import { playbooks } from '@firebreak/contract/prepare/playbooks';
import { type Means, type Policy, policies } from '@firebreak/contract/prepare/policies';
import { controlCoverage } from '@firebreak/contract/respond/control-coverage';
import { CHANNEL_NAMES } from '@firebreak/core/prepare/inventory';
import { type InPlace, isSound, type MeansState, stateOfMeans } from '@firebreak/core/prepare/policies';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { MEANS_WORDS } from '../prepare/policies/words.ts';
import { Button } from '../ui/Button.tsx';
import { Empty, Rows, Section } from '../ui/Card.tsx';
import { Flag, Id, type Tone } from '../ui/Marks.tsx';
import { Notice } from '../ui/Notice.tsx';
import { Ago } from '../ui/Time.tsx';
import { isCode } from './api.ts';
import { useAct, useAskEach } from './ask.ts';
import { MeansForm } from './MeansForm.tsx';
import { Trouble } from './Trouble.tsx';

const ofSystems = (means: readonly Means[], kind: 'control' | 'channel') =>
  [...new Set(means.flatMap((each) => (each.kind === kind ? [each.system] : [])))].map((system) => ({
    query: { system },
  }));

/** A system nobody knows has nothing; an answer that did not come says nothing of what is there. */
const answered = (read: readonly { readonly data?: unknown; readonly error: unknown }[]): boolean =>
  read.every(({ data, error }) => data !== undefined || isCode(error, 'system.unknown'));

/** What is really there, read from three phases for what the policy names: controls wired, channels heard, steps written. */
function useInPlace(means: readonly Means[]): InPlace {
  const wired = useAskEach(controlCoverage.show, ofSystems(means, 'control'), { every: 30_000 });
  const heard = useAskEach(channels.coverage, ofSystems(means, 'channel'), { every: 30_000 });
  const keys = [...new Set(means.flatMap((each) => (each.kind === 'step' ? [each.playbook] : [])))];
  const read = useAskEach(
    playbooks.show,
    keys.map((playbook) => ({ params: { playbook }, query: {} })),
  );
  const settled = read.every(({ isPending }) => !isPending);
  return {
    ...(answered(wired) && {
      controls: new Map(
        wired.flatMap(({ data }) => data?.systems ?? []).map(({ system, controls }) => [system, controls]),
      ),
    }),
    ...(answered(heard) && {
      channels: new Map(
        heard.flatMap(({ data }) => data?.systems ?? []).map(({ system, channels }) => [system, channels]),
      ),
    }),
    ...(settled && {
      steps: new Map(
        read.flatMap(({ data }) =>
          data ? [[data.playbook.key, new Set(data.playbook.content.steps.map(({ key }) => key))] as const] : [],
        ),
      ),
    }),
  };
}

/** Everything that carries a policy out, and whether it is there tonight. */
export function PolicyMeans({ policy, edits }: { policy: Policy; edits: boolean }) {
  const there = useInPlace(policy.means);
  const [adding, setAdding] = useState(false);
  const map = useAct(policies.map, { refreshes: ['/api/v1/policies'] });
  const states = policy.means.map((means) => ({ means, state: stateOfMeans(means, there) }));
  const failing = states.filter(({ state }) => state.state !== 'unknown' && !isSound(state)).length;
  const add = edits && <Button onClick={() => setAdding(true)}>Map something</Button>;
  return (
    <Section
      title="What carries it out"
      aside={
        policy.means.length > 0 &&
        edits && (
          <Button size="sm" onClick={() => setAdding(true)}>
            Map something
          </Button>
        )
      }
    >
      {policy.means.length === 0 ? (
        <Empty title="Not mapped: nothing carries it out" action={add}>
          Until a control, a playbook step, a detection channel or a human review is named here, this policy is words
          that nobody can run under pressure.
        </Empty>
      ) : (
        <>
          {(failing > 0 || policy.uncoveredCount > 0) && (
            <Notice tone="amber" className="mb-2">
              {failing > 0 && (
                <p>{failing === 1 ? 'One of these would' : `${failing} of these would`} not surely work tonight.</p>
              )}
              {policy.uncoveredCount > 0 && (
                <p>
                  Nothing here carries it out for {policy.uncovered.slice(0, 5).join(', ')}
                  {policy.uncoveredCount > 5 && ` and ${policy.uncoveredCount - 5} more`}.
                </p>
              )}
            </Notice>
          )}
          <Rows label="What carries it out">
            {states.map(({ means, state }) => (
              <li key={JSON.stringify(means)} className="flex flex-wrap items-center gap-x-3 gap-y-1.5 px-4 py-2.5">
                <div className="min-w-0 flex-1 basis-64">
                  <p>
                    <What of={means} />
                  </p>
                  <p className="text-xs text-ink-3">{MEANS_WORDS[means.kind]}</p>
                </div>
                <State of={state} />
                {edits && (
                  <Button
                    size="sm"
                    look="quiet"
                    busy={map.isPending}
                    aria-label={`Take away: ${MEANS_WORDS[means.kind]}`}
                    onClick={() =>
                      map.mutate({
                        params: { policy: policy.id },
                        body: { means: policy.means.filter((each) => each !== means) },
                      })
                    }
                  >
                    Take away
                  </Button>
                )}
              </li>
            ))}
          </Rows>
        </>
      )}
      {map.error && (
        <div className="mt-2">
          <Trouble error={map.error} />
        </div>
      )}
      {adding && <MeansForm policy={policy} onClose={() => setAdding(false)} />}
    </Section>
  );
}

const SYSTEM_LINK = 'prose-link font-mono text-xs';

function What({ of }: { of: Means }) {
  switch (of.kind) {
    case 'control':
      return (
        <>
          <span className="font-[600]">{of.control}</span>{' '}
          <Link to="/systems/$system" params={{ system: of.system }} className={SYSTEM_LINK}>
            {of.system}
          </Link>
        </>
      );
    case 'channel':
      return (
        <>
          <span className="font-[600]">{CHANNEL_NAMES[of.channel]}</span>{' '}
          <Link to="/systems/$system" params={{ system: of.system }} className={SYSTEM_LINK}>
            {of.system}
          </Link>
        </>
      );
    case 'step':
      return (
        <>
          <Id className="text-ink">{of.step}</Id>{' '}
          <Link
            to="/playbooks/$playbook"
            params={{ playbook: of.playbook }}
            className="prose-link font-mono text-xs break-all"
          >
            {of.playbook}
          </Link>
        </>
      );
    case 'review':
      return (
        <>
          <span className="font-[600]">{of.what}</span>, by {of.by}
        </>
      );
  }
}

const STATES: Readonly<Record<Exclude<MeansState['state'], 'wired'>, { readonly tone: Tone; readonly says: string }>> =
  {
    unknown: { tone: 'plain', says: 'looking …' },
    missing: { tone: 'ember', says: 'missing' },
    untested: { tone: 'amber', says: 'wired, never tested' },
    ready: { tone: 'moss', says: 'heard, and somebody is told' },
    unrouted: { tone: 'amber', says: 'heard, nobody is told' },
    silent: { tone: 'amber', says: 'not heard lately' },
    written: { tone: 'moss', says: 'in the playbook' },
    declared: { tone: 'plain', says: 'people say so' },
  };

function State({ of }: { of: MeansState }) {
  if (of.state === 'wired')
    return (
      <Flag tone="moss">
        wired, tested <Ago at={of.testedAt} />
      </Flag>
    );
  const { tone, says } = STATES[of.state];
  return <Flag tone={tone}>{says}</Flag>;
}
