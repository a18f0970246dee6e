import { candidates } from '@firebreak/contract/detect/candidates';
import { inventory } from '@firebreak/contract/prepare/inventory';
import { incidents } from '@firebreak/contract/respond/incidents';
import { CALLABLE_ARCHETYPES, type CalledArchetype } from '@firebreak/core/detect/signals';
import { type Axes, type Severity, suggestSeverity } from '@firebreak/core/prepare/rubric';
import { useNavigate } from '@tanstack/react-router';
import { useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { tell } from '../../app/api.ts';
import { useAct, useAsk } from '../../app/ask.ts';
import { useMay, useMe } from '../../app/session.tsx';
import { Shown, Trouble } from '../../app/Trouble.tsx';
import { ArchetypeOfDraft, CALLED_WORDS, suggestedCall, useArchetypeOfDraft } from '../../detect/archetypes/index.ts';
import { AnswerFields, useTable, WhatCounts } from '../../prepare/rubric/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { fromLocalInput, toLocalInput } from '../../ui/durations.ts';
import { Check, Choice, Input, Select, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { type Account, AccountFields, NO_ACCOUNT } from './AccountFields.tsx';
import { Suggestion, UNKNOWN } from './Suggestion.tsx';

interface Draft {
  readonly title: string;
  readonly summary: string;
  readonly systems: readonly string[];
  readonly axes: Axes;
  readonly startedAt: string;
  readonly detectedAt: string | null;
  readonly miss: boolean;
  readonly account: Account;
  /** As a person picked it; null: nobody has, and what is suggested stands. */
  readonly archetype: CalledArchetype | null;
}
const BLANK: Draft = {
  title: '',
  summary: '',
  systems: [],
  axes: UNKNOWN,
  startedAt: '',
  detectedAt: null,
  miss: false,
  account: NO_ACCOUNT,
  archetype: null,
};
const REACHED = [
  { value: 'yes', label: 'It reached somebody, or may have', hint: 'An incident. When in doubt, this one.' },
  { value: 'no', label: 'Nothing reached anybody: near miss', hint: 'Same register, nobody is called.' },
] as const;

/** Declares an incident, from a candidate or from nothing. No proof is asked for: unsure is Sev 2. */
export function DeclareDialog({ candidate, miss = false }: { candidate?: string; miss?: boolean }) {
  if (candidate === undefined) return <DeclareForm draft={{ ...BLANK, miss }} candidate={null} />;
  return <FromCandidate candidate={candidate as `cnd_${string}`} miss={miss} />;
}

function FromCandidate({ candidate, miss }: { candidate: `cnd_${string}`; miss: boolean }) {
  const { close } = useActions();
  const preview = useAsk(candidates.previewDeclaration, { params: { candidate } });
  if (!preview.data)
    return (
      <Dialog title="Declare an incident" onClose={close}>
        <Shown of={preview}>{() => null}</Shown>
      </Dialog>
    );
  const { title, summary, system, early, startedAt, detectedAt } = preview.data;
  return (
    <DeclareForm
      candidate={candidate}
      draft={{
        title,
        summary,
        systems: [system],
        axes: early.axes,
        startedAt: toLocalInput(startedAt),
        detectedAt,
        miss,
        account: NO_ACCOUNT,
        archetype: null,
      }}
      because={early.because}
    />
  );
}

function DeclareForm({
  draft: first,
  candidate,
  because,
}: {
  draft: Draft;
  candidate: `cnd_${string}` | null;
  because?: readonly string[];
}) {
  const { close } = useActions();
  const navigate = useNavigate();
  const systems = useAsk(inventory.list, {});
  const me = useMe().data;
  const may = useMay('incident.declare');
  const judges = useMay('candidate.judge');
  const [draft, setDraft] = useState(first);
  const [graver, setGraver] = useState<Severity | null>(null);
  const change = (part: Partial<Draft>) => setDraft({ ...draft, ...part });
  const declare = useAct(incidents.declare, {
    refreshes: ['/api/v1/incidents', '/api/v1/candidates'],
    done: ({ incident }) => {
      close();
      void navigate({ to: '/incidents/$incident', params: { incident: incident.label } });
    },
  });
  const told = declare.error ? tell(declare.error) : null;
  const table = useTable();
  const suggested = suggestSeverity(draft.axes, {}, table).severity;
  const known = systems.data?.systems.filter((each) => !each.retired) ?? [];
  const sounds = useArchetypeOfDraft(candidate, `${draft.title}. ${draft.summary}`);
  const offered = sounds && suggestedCall(sounds);
  const archetype = draft.archetype ?? offered ?? 'unknown';
  const setsAside = draft.miss && candidate !== null;
  const submit = (): void => {
    const startedAt = fromLocalInput(draft.startedAt);
    declare.mutate({
      body: {
        title: draft.title,
        summary: draft.summary,
        systems: [...draft.systems],
        candidate,
        ...(draft.miss && { kind: 'near-miss' as const, miss: draft.account }),
        archetype,
        axes: draft.axes,
        ...(graver !== null && graver < suggested && !draft.miss && { severity: graver }),
        ...(startedAt && { startedAt }),
        ...(draft.detectedAt && { detectedAt: draft.detectedAt }),
      },
    });
  };
  return (
    <Dialog
      title={draft.miss ? 'File a near miss' : 'Declare an incident'}
      about={
        candidate
          ? 'Filled in from the candidate. Change what you know better.'
          : 'Anybody may, without proof. A title is enough; the rest can follow.'
      }
      onClose={close}
      onSubmit={submit}
      footer={
        <>
          <Button onClick={close}>Cancel</Button>
          <Button
            type="submit"
            look="strong"
            size="lg"
            busy={declare.isPending}
            disabled={draft.title.trim() === '' || (me !== undefined && !may) || (setsAside && !judges)}
            className="max-phone:flex-1"
          >
            {declare.isPending
              ? 'Declaring …'
              : draft.miss
                ? 'File the near miss'
                : `Declare Sev ${graver !== null && graver < suggested ? graver : suggested}`}
          </Button>
        </>
      }
    >
      <div className="grid gap-5">
        {me && !may && (
          <Notice tone="amber">
            Your role does not declare. Tell somebody who does, or{' '}
            <a href="/report" className="prose-link">
              report the failure
            </a>
            : that is for everybody, and a person looks at it.
          </Notice>
        )}
        {setsAside && !judges && (
          <Notice tone="amber">
            Setting the signals of a candidate aside is for those who judge candidates. Declare it as an incident, or
            ask one of them.
          </Notice>
        )}
        <WhatCounts table={table} />
        <Choice
          legend="Did it reach anybody?"
          name="reached"
          value={draft.miss ? 'no' : 'yes'}
          options={REACHED}
          onPick={(reached) => change({ miss: reached === 'no' })}
          columns={2}
        />
        <Input
          label="What is happening"
          hint="As you would say it on the phone."
          value={draft.title}
          onText={(title) => change({ title })}
          required
          error={told?.fields.title}
          placeholder="Support bot invents a “one device” policy"
        />
        {known.length > 0 && (
          <fieldset>
            <legend className="mb-0.5 font-[600]">AI systems involved</legend>
            <div className="grid max-h-40 overflow-y-auto phone:grid-cols-2">
              {known.map((each) => (
                <Check
                  key={each.key}
                  label={each.name}
                  checked={draft.systems.includes(each.key)}
                  onCheck={(on) =>
                    change({
                      systems: on ? [...draft.systems, each.key] : draft.systems.filter((key) => key !== each.key),
                    })
                  }
                />
              ))}
            </div>
          </fieldset>
        )}
        {draft.miss && (
          <AccountFields account={draft.account} onAccount={(account) => change({ account })} errors={told?.fields} />
        )}
        <fieldset className="grid gap-3">
          <legend className="mb-1.5 font-[600]">
            {draft.miss ? 'How bad would it have been, had nothing stopped it?' : 'How bad is it?'}
          </legend>
          <Suggestion axes={draft.axes} />
          {because && because.length > 0 && (
            <p className="text-xs text-ink-2">From the signals: {because.join('; ')}.</p>
          )}
          <AnswerFields axes={draft.axes} onAxes={(axes) => change({ axes })} />
          {suggested > 1 && !draft.miss && (
            <Select
              label="Call it graver"
              optional
              hint="You may always go up. Going down needs the lead and a reason, later."
              value={graver === null ? '' : String(graver)}
              onText={(value) => setGraver(value === '' ? null : (Number(value) as Severity))}
              options={[
                { value: '', label: `Sev ${suggested}, as the answers say` },
                ...([1, 2, 3] as const)
                  .filter((level) => level < suggested)
                  .map((level) => ({ value: String(level), label: `Sev ${level}` })),
              ]}
            />
          )}
        </fieldset>
        <TextArea
          label="What you know"
          optional
          rows={3}
          value={draft.summary}
          onText={(summary) => change({ summary })}
          error={told?.fields.summary}
        />
        <div className="grid gap-2">
          <Select
            label="Kind of failure"
            optional
            hint="Filled in as suggested where the suggestion is sure. You decide, now or later."
            value={archetype}
            onText={(value) => change({ archetype: value as CalledArchetype })}
            options={CALLABLE_ARCHETYPES.map((value) => ({
              value,
              label: value === offered ? `${CALLED_WORDS[value]}, as suggested` : CALLED_WORDS[value],
            }))}
          />
          {sounds && <ArchetypeOfDraft of={sounds} />}
        </div>
        <Input
          label="When it began"
          optional
          type="datetime-local"
          step={1}
          hint="In your time zone. Detected and declared are recorded apart."
          value={draft.startedAt}
          onText={(startedAt) => change({ startedAt })}
          error={told?.fields.startedAt}
        />
        {declare.error && <Trouble error={declare.error} />}
      </div>
    </Dialog>
  );
}
