import { inventory } from '@firebreak/contract/prepare/inventory';
import type { TriagePack } from '@firebreak/contract/respond/triage-pack';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { useAsk } from '../../app/ask.ts';
import { SimilarCard } from '../../detect/similar/index.ts';
import { Dependencies } from '../../prepare/inventory/index.ts';
import { Card, Pairs, Rows, Section } from '../../ui/Card.tsx';
import { span } from '../../ui/durations.ts';
import { Flag, Severity } from '../../ui/Marks.tsx';
import { sentence } from '../../ui/sentence.ts';
import { Time } from '../../ui/Time.tsx';
import { ROLE_TITLES } from '../incidents/index.ts';
import { Blast } from './Blast.tsx';
import { Downstream } from './Downstream.tsx';
import { Minutes } from './Minutes.tsx';
import { Suspects } from './Suspects.tsx';
import { FLAG_WORDS } from './words.ts';

const IS = { yes: 'ember', no: 'plain', unknown: 'amber' } as const;

function Scope({ pack: { scope, system } }: { pack: TriagePack }) {
  const { prompt, model, index, tools } = scope.versions;
  const versions = [
    ['prompt', prompt],
    ['model', model],
    ['index', index],
    ['tools', tools],
  ] as const;
  const named = versions.filter(([, list]) => list.length > 0);
  return (
    <Card>
      <Pairs>
        <dt>System</dt>
        <dd>
          {system ? (
            <Link to="/systems/$system" params={{ system: system.key }} className="prose-link">
              {system.name}
            </Link>
          ) : (
            scope.system || 'not named'
          )}
        </dd>
        <dt>Feature</dt>
        <dd>{scope.feature ?? 'all of it'}</dd>
        <dt>Versions</dt>
        <dd>
          {named.length > 0 ? named.map(([kind, list]) => `${kind} ${list.join(', ')}`).join(' · ') : 'not captured'}
        </dd>
        <dt>From</dt>
        <dd>
          <Time at={scope.from} /> to <Time at={scope.to} />
        </dd>
        <dt>People</dt>
        <dd>{[scope.population, scope.regions.join(', ')].filter(Boolean).join(' · ') || 'not stated'}</dd>
        <dt>Owner</dt>
        <dd>{system?.owner || 'nobody named'}</dd>
      </Pairs>
    </Card>
  );
}

/** The incident where there is one, else the candidate. */
function aboutOf({ incident, candidate }: TriagePack) {
  if (incident !== null) return { incident };
  return candidate === null ? null : { candidate: candidate as `cnd_${string}` };
}

function DependsOn({ system: key }: { system: string }) {
  const asked = useAsk(inventory.show, { params: { system: key } });
  return asked.data ? <Dependencies system={asked.data.system} edits={false} /> : null;
}

/** Everything that can be known of one event now, on one page of paper. `kind`: what stands for the suggested kind of failure. */
export function Pack({ pack, kind }: { pack: TriagePack; kind?: ReactNode }) {
  const { onset, severity } = pack;
  const about = aboutOf(pack);
  return (
    <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_23.25rem] print:grid-cols-2">
      <div className="min-w-0">
        <Section title="What changed">
          <Suspects suspects={pack.suspects} known={pack.system !== null} />
        </Section>
        <Section title="Where it began">
          <Card>
            <Minutes minutes={pack.minutes} onset={onset} />
            <p className="mt-1">
              {onset?.reads ?? 'The minutes give no clear beginning: too few requests, or one rate all along.'}
            </p>
          </Card>
        </Section>
        <Section title="Whom it reached">
          <Blast blast={pack.blast} />
        </Section>
        <Downstream downstream={pack.downstream} />
        {about && (
          <div className="print:hidden">
            <SimilarCard about={about} kind={kind} />
          </div>
        )}
        {pack.system && <DependsOn system={pack.system.key} />}
      </div>
      <aside className="min-w-0">
        <Section title="How grave it looks">
          <Card>
            <p className="flex flex-wrap items-center gap-2">
              <Severity level={severity.severity} provisional={severity.provisional} />
              <span>{sentence(severity.reasons.join('; ') || 'no rule fires')}</span>
            </p>
            {severity.couldBe.length > 0 && (
              <ul className="mt-2 grid gap-0.5 text-xs text-ink-2">
                {severity.couldBe.map((each) => (
                  <li key={each}>{each}</li>
                ))}
              </ul>
            )}
          </Card>
        </Section>
        <Section title="Flags">
          <Rows label="Flags">
            {pack.flags.map(({ flag, is, why }) => (
              <li key={flag} className="px-3 py-2">
                <p className="flex items-baseline gap-2">
                  <span className="flex-1 font-[560]">{FLAG_WORDS[flag]}</span>
                  <Flag tone={IS[is]}>{is}</Flag>
                </p>
                <p className="text-xs text-ink-3">{why}</p>
              </li>
            ))}
          </Rows>
        </Section>
        <Section title="Scope">
          <Scope pack={pack} />
        </Section>
        {pack.playbook && (
          <Section
            title="What to do first"
            aside={
              <Link to="/playbooks/$playbook" params={{ playbook: pack.playbook.id }} className="prose-link">
                {pack.playbook.name}
              </Link>
            }
          >
            <Card>
              <ol className="grid list-decimal gap-1 pl-4 text-sm">
                {pack.playbook.steps.map((step) => (
                  <li key={step.text}>{step.text}</li>
                ))}
              </ol>
            </Card>
          </Section>
        )}
        <Section title="Whom to call">
          <Rows label="Roles">
            {pack.roles.map(({ role, why }) => (
              <li key={role} className="flex flex-wrap gap-x-2 px-3 py-1.5">
                <span className="font-[560]">{ROLE_TITLES[role]}</span>
                <span className="text-ink-3">{why}</span>
              </li>
            ))}
          </Rows>
        </Section>
        <Section title="What nobody knows yet">
          <ul className="grid list-disc gap-1 pl-4 text-sm text-ink-2">
            {pack.missing.map((each) => (
              <li key={each}>{each}</li>
            ))}
          </ul>
        </Section>
        <p className="text-xs text-ink-3">
          As of <Time at={pack.assembledAt} />
          {pack.timeToContextMs !== null && `; first there ${span(pack.timeToContextMs)} after it was noticed`}.
        </p>
      </aside>
    </div>
  );
}
