import { signals } from '@firebreak/contract/detect/signals';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { type RecordRule, records } from '@firebreak/contract/prepare/records';
import { recordLocks } from '@firebreak/contract/respond/record-locks';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { LegalHolds, PlaceHold, RuleForm, sayDays, sayTakenOut, TAKEN_OUT_WORDS } from '../prepare/records/index.ts';
import { Button } from '../ui/Button.tsx';
import { Empty, Rows, Section } from '../ui/Card.tsx';
import { Flag } from '../ui/Marks.tsx';
import { Ago, Time } from '../ui/Time.tsx';
import { useAsk } from './ask.ts';
import { Page } from './Page.tsx';
import { useMay, useNames } from './session.tsx';
import { Shown } from './Trouble.tsx';

function RuleRow({
  system,
  name,
  rule,
  usual,
}: {
  system: string;
  name: string;
  rule: RecordRule | undefined;
  usual: number;
}) {
  const edits = useMay('system.edit');
  const holds = useMay('incident.lead');
  const nameOf = useNames();
  const [open, setOpen] = useState<'rule' | 'hold' | null>(null);
  const taken = (useAsk(signals.telemetryState, {}).data?.takenOut ?? []).filter((each) => each.system === system);
  const close = () => setOpen(null);
  return (
    <li className="flex flex-wrap items-start gap-x-3 gap-y-2 px-4 py-3">
      <div className="min-w-0 flex-1 basis-72">
        <p>
          <Link to="/systems/$system" params={{ system }} className="font-[600] hover:underline">
            {name}
          </Link>
        </p>
        <p className="text-sm text-ink-2">
          Kept for {sayDays(rule?.keptDays ?? null, usual)}; taken out before: {sayTakenOut(rule?.takesOut ?? [])}
          {rule?.sentShare != null &&
            rule.sentShare < 1 &&
            `; only ${Number((rule.sentShare * 100).toPrecision(3))} % is sent`}
          .
        </p>
        {taken.length > 0 && (
          <p className="text-xs text-ink-3">
            In 24 hours: {taken.map(({ kind, count }) => `${count} × ${TAKEN_OUT_WORDS[kind]}`).join(', ')}.
          </p>
        )}
        {rule && rule.reason !== '' && (
          <p className="text-xs text-ink-3">
            “{rule.reason}”, {nameOf(rule.changedBy)}, <Ago at={rule.changedAt} />
          </p>
        )}
        {rule && rule.legalHolds.length > 0 && <LegalHolds system={system} holds={rule.legalHolds} />}
      </div>
      <div className="flex flex-wrap gap-1.5">
        {edits && (
          <Button size="sm" aria-label={`Change the rule of ${name}`} onClick={() => setOpen('rule')}>
            Change …
          </Button>
        )}
        {holds && (
          <Button size="sm" look="quiet" aria-label={`Legal hold on ${name}`} onClick={() => setOpen('hold')}>
            Legal hold …
          </Button>
        )}
      </div>
      {open === 'rule' && <RuleForm system={system} rule={rule} usual={usual} onClose={close} />}
      {open === 'hold' && <PlaceHold system={system} onClose={close} />}
    </li>
  );
}

/** What is kept for incidents, whatever the rules say; each is released in its own room. */
function KeptForIncidents() {
  const asked = useAsk(recordLocks.list, {});
  return (
    <Section title="Kept for incidents">
      <Shown of={asked} lines={3}>
        {({ locks, more }) =>
          locks.length === 0 ? (
            <Empty title="Nothing is kept for an incident">
              What an incident rests on is deleted by no rule while it is open, and for 90 days after it is closed.
            </Empty>
          ) : (
            <Rows label="Incidents">
              {locks.map((lock) => (
                <li key={lock.incident} className="flex flex-wrap items-baseline gap-x-2 gap-y-1 px-4 py-3 text-sm">
                  <Link
                    to="/incidents/$incident/evidence"
                    params={{ incident: lock.label }}
                    className="prose-link font-[600]"
                  >
                    {lock.label}
                  </Link>
                  <span className="min-w-0 break-words text-ink-2">
                    {[
                      ...(lock.candidates.length > 0 ? ['its signals and what they speak of'] : []),
                      ...(lock.records.length > 0 ? [`${lock.records.length} named`] : []),
                      ...new Set(lock.spans.map(({ system }) => `${system} before its orders`)),
                    ].join(' · ') || 'nothing yet'}
                  </span>
                  <span className="text-xs text-ink-3">
                    since <Ago at={lock.since} />
                  </span>
                  {lock.until !== null && (
                    <Flag tone="amber">
                      closed, until <Time at={lock.until} />
                    </Flag>
                  )}
                </li>
              ))}
              {more && <li className="px-4 py-3 text-sm text-ink-3">The newest 200 are shown; there are more.</li>}
            </Rows>
          )
        }
      </Shown>
    </Section>
  );
}

/** How long the records of each AI system are kept, what is taken out before, and what may not be deleted. */
export function RecordRulesPage() {
  const asked = useAsk(records.rules, {});
  const systems = useAsk(inventory.list, {});
  return (
    <Page
      title="How records are kept"
      lead="How long, what is taken out before anything is kept, and what may not be deleted."
    >
      <Shown of={asked} lines={5}>
        {({ keptDays, rules }) => (
          <Shown of={systems} lines={5}>
            {({ systems: all }) => {
              const living = all.filter(({ key, retired }) => !retired || rules.some(({ system }) => system === key));
              return living.length === 0 ? (
                <Empty title="No AI system is registered">
                  Everything that comes in is kept for {keptDays} days. Register a system to say otherwise about it.
                </Empty>
              ) : (
                <>
                  <p className="mb-3 text-sm text-ink-2">
                    What no rule speaks of is kept for {keptDays} days. What is deleted is recorded, by kind and number.
                  </p>
                  <Rows label="Rules">
                    {living.map(({ key, name }) => (
                      <RuleRow
                        key={key}
                        system={key}
                        name={name}
                        rule={rules.find(({ system }) => system === key)}
                        usual={keptDays}
                      />
                    ))}
                  </Rows>
                </>
              );
            }}
          </Shown>
        )}
      </Shown>
      <div className="mt-6">
        <KeptForIncidents />
      </div>
    </Page>
  );
}
