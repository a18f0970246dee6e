import { inventory } from '@firebreak/contract/prepare/inventory';
import { containment, type DeclaredControl } from '@firebreak/contract/respond/containment';
import { incidents } from '@firebreak/contract/respond/incidents';
import { recommendation } from '@firebreak/contract/respond/recommendation';
import { type Control, endsWhatRuns, fitOfControl, type InFlightPolicy } from '@firebreak/core/respond/containment';
import { choiceOf } from '@firebreak/core/respond/recommendation';
import { Link, useNavigate } from '@tanstack/react-router';
import { useEffect, useMemo, useState } from 'react';
import { useActions } from '../../app/actions.tsx';
import { client, isCode, tell } from '../../app/api.ts';
import { refresh, useAsk } from '../../app/ask.ts';
import { useMay, useMe } from '../../app/session.tsx';
import { Trouble } from '../../app/Trouble.tsx';
import { OPEN_INCIDENTS } from '../../app/waiting.ts';
import { Button } from '../../ui/Button.tsx';
import { Skeleton } from '../../ui/Card.tsx';
import { Dialog } from '../../ui/Dialog.tsx';
import { Check, Choice, Input, Select, TextArea } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { sentence } from '../../ui/sentence.ts';
import { PullNeeds, usePullNeeds } from '../decision-rights/index.ts';
import { endings, expiryOf } from './endings.ts';
import { PreviewNote } from './PreviewNote.tsx';
import { ReachChanged } from './ReachChanged.tsx';
import { WorthWiring } from './WorthWiring.tsx';

/** No incident yet: this one is declared in the same breath. */
const NEW = 'new';

interface Lever {
  readonly value: string;
  readonly label: string;
  readonly hint: string;
  readonly disabled?: boolean;
  readonly aim: { readonly control: DeclaredControl['control'] } | { readonly system: string; readonly what: Control };
  readonly declared?: DeclaredControl;
  /** Why it does nothing for what the system is built of; empty: it fits. */
  readonly misfit?: string;
}

/** The brake: which lever, what it touches, why, until when. Evidence is preserved before the order is given. */
export function ContainDialog({ incident, system, control }: { incident?: string; system?: string; control?: string }) {
  const { close } = useActions();
  const navigate = useNavigate();
  const me = useMe().data;
  const may = useMay('containment.order');
  const open = useAsk(incidents.list, OPEN_INCIDENTS);
  const systems = useAsk(inventory.list, {});
  const [picked, setPicked] = useState<string | null>(incident ?? null);
  const [title, setTitle] = useState('');
  const [aimed, setAimed] = useState<string | null>(system ?? null);
  const [pull, setPull] = useState<string | null>(control ?? null);
  const [reason, setReason] = useState('');
  const [ends, setEnds] = useState<string | null>(null);
  const [inFlight, setInFlight] = useState<InFlightPolicy | null>(null);
  const [preserve, setPreserve] = useState(true);
  const [skip, setSkip] = useState('');
  const [takeOver, setTakeOver] = useState(false);
  const [typed, setTyped] = useState('');
  const [again, setAgain] = useState(false);
  const [before, setBefore] = useState<string | null>(null);
  const [doing, setDoing] = useState(false);
  const [error, setError] = useState<unknown>(null);

  const rows = open.data?.incidents ?? [];
  const about =
    picked ??
    (open.data ? (rows.find((row) => system === undefined || row.systems.includes(system))?.label ?? NEW) : null);
  const row = rows.find((each) => each.label === about || each.id === about);
  const living = systems.data?.systems.filter((each) => !each.retired) ?? [];
  // Of several systems none is guessed: whoever is in a hurry would stop the wrong one.
  const named = aimed ?? row?.systems[0] ?? (living.length === 1 ? living[0]!.key : null);
  const target = living.some((each) => each.key === named) ? named : null;
  const unregistered = systems.data && named !== null && target === null && living.length > 0 ? named : null;

  const levers = useLevers(target, me?.may ?? []);
  const shownSystem = useAsk(inventory.show, { params: { system: target ?? '' } }, { enabled: target !== null });
  const lever = levers.find((each) => each.value === pull) ?? null;
  useEffect(() => {
    if (pull === null && levers.length > 0) setPull(levers.find((each) => !each.disabled)?.value ?? null);
  }, [pull, levers]);
  const doneBy = lever?.declared?.what ?? (lever && 'what' in lever.aim ? lever.aim.what : null);
  const endsRunning = doneBy !== null && endsWhatRuns(doneBy);
  const policy = inFlight ?? (doneBy?.inFlight === 'drain' ? 'drain' : 'abort');
  const aim = { ...lever?.aim, ...(endsRunning && { inFlight: policy }) };
  const preview = useAsk(containment.preview, { body: lever ? aim : {} }, { enabled: lever !== null });
  const conflict = preview.data?.conflict ?? null;
  // Nobody waits for it: recorded beside the order, so that it can be judged later how good it was.
  const advised = useAsk(
    recommendation.show,
    { body: { system: target ?? '', ...(about !== null && about !== NEW && { incident: about }) } },
    { enabled: target !== null && about !== null },
  );
  const needs = usePullNeeds(target, lever?.aim ?? null);
  const until = ends ?? (lever?.declared?.expiry.mode === 'auto' ? String(lever.declared.expiry.minutes) : '');
  const told = error ? tell(error) : null;
  const ready =
    lever !== null &&
    reason.trim() !== '' &&
    (preserve || skip.trim() !== '') &&
    (about !== NEW || title.trim() !== '') &&
    about !== null &&
    (conflict === null || takeOver) &&
    (!needs.typed || typed.trim() === target) &&
    (!preview.data?.words?.secondLook || again) &&
    !preview.data?.already;

  const hint = preview.data?.already
    ? 'It is in force already.'
    : systems.data && living.length > 0 && target === null
      ? 'Choose which system.'
      : about === NEW && title.trim() === ''
        ? 'Say what is happening.'
        : reason.trim() === ''
          ? 'Say why, in one sentence.'
          : conflict && !takeOver
            ? `Take over from ${conflict.label}, or choose something else.`
            : preview.data?.words?.secondLook && !again
              ? 'Look a second time at what it would refuse.'
              : !preserve && skip.trim() === ''
                ? 'Say why nothing is preserved.'
                : needs.typed && typed.trim() !== target
                  ? `Type ${target} to say that you mean all of it.`
                  : '';

  const order = async (force = false): Promise<void> => {
    if (!lever || !ready || doing) return;
    setDoing(true);
    setError(null);
    setBefore(null);
    try {
      const into = about === NEW ? await declareFirst(title, target) : about!;
      if (about === NEW) setPicked(into);
      const chosen = advised.data && doneBy && choiceOf(advised.data, doneBy);
      const given = {
        params: { incident: into },
        body: {
          ...aim,
          reason,
          expiry: expiryOf(until),
          ...(!preserve && { skipEvidence: skip }),
          ...(conflict && takeOver && { supersedes: conflict.hold }),
          ...(force && { force }),
          ...(needs.typed && { typed }),
          ...(preview.data && { ifPreview: preview.data.mark }),
          ...(chosen && { chosen: { ...chosen, offered: [...chosen.offered] } }),
        },
      };
      await client.call(needs.second === 'before' ? containment.askPull : containment.order, given);
      refresh('/api/v1/holds', '/api/v1/incidents', '/api/v1/systems', '/api/v1/approvals');
      close();
      void navigate({ to: '/incidents/$incident', params: { incident: into } });
    } catch (failure) {
      if (preview.data && isCode(failure, 'hold.reach-changed')) {
        setBefore(preview.data.mark);
        await preview.refetch();
      } else setError(failure);
    } finally {
      setDoing(false);
    }
  };

  return (
    <Dialog
      title="Contain"
      about="Stop or change what an AI system does. Evidence is preserved first."
      tone="ember"
      onClose={close}
      onSubmit={() => void order()}
      footer={
        <>
          <p aria-live="polite" className="mr-auto text-xs text-ink-2 max-phone:basis-full">
            {hint}
          </p>
          <Button onClick={close} className="max-phone:hidden">
            Cancel
          </Button>
          <Button
            type="submit"
            look="brake"
            size="lg"
            busy={doing}
            disabled={!ready || !may}
            className="max-phone:flex-1 max-phone:whitespace-normal"
          >
            {doing
              ? 'Ordering …'
              : lever && needs.second === 'before'
                ? 'Ask a second person'
                : lever
                  ? `Order: ${preview.data?.says ?? lever.label.toLowerCase()}`
                  : 'Order'}
          </Button>
        </>
      }
    >
      <div className="grid gap-5">
        {me && !may && (
          <Notice tone="amber" title="Your role does not stop systems">
            Call somebody with the role responder or lead. You can declare an incident and raise signals.
          </Notice>
        )}
        {systems.data && living.length === 0 && (
          <Notice tone="amber" title="No AI system is registered">
            There is nothing to order yet. Register the system under Systems; disabling it works at once, wired or not.
          </Notice>
        )}
        <div className="grid gap-4 phone:grid-cols-2">
          <Select
            label="For which incident"
            value={about ?? ''}
            onText={setPicked}
            options={[
              ...(about && about !== NEW && !row ? [{ value: about, label: about }] : []),
              ...rows.map((each) => ({
                value: each.label === incident || each.id !== incident ? each.label : incident,
                label: `${each.label} · ${each.title}`,
              })),
              { value: NEW, label: 'None yet: declare one now' },
            ]}
          />
          <Select
            label="Which system"
            value={target ?? ''}
            onText={(value) => {
              setAimed(value);
              setPull(null);
            }}
            options={[
              ...(target === null ? [{ value: '', label: 'Choose a system' }] : []),
              ...living.map((each) => ({ value: each.key, label: each.name })),
            ]}
          />
        </div>
        {about === NEW && (
          <Input
            label="What is happening"
            hint="Becomes the title of the incident. It starts as Sev 2 until somebody knows more."
            value={title}
            onText={setTitle}
            required
            error={told?.fields.title}
            placeholder="Support bot invents a policy"
          />
        )}
        {unregistered && (
          <Notice tone="amber" title={`${unregistered} is not registered`}>
            Firebreak has heard of it, but cannot stop it: register it under Systems with this key, or choose another
            one.
          </Notice>
        )}
        {target !== null && (
          <p className="text-xs text-ink-2">
            Not sure which?{' '}
            <Link
              to="/contain/$about"
              params={{ about: about && about !== NEW && row?.systems.includes(target) ? about : target }}
              onClick={close}
              className="prose-link"
            >
              Be led through it
            </Link>
            : roll back, disable, fence, or something narrower.
          </p>
        )}
        {target !== null && levers.length === 0 && <Skeleton lines={3} />}
        {levers.length > 0 && (
          <LeverPicker
            levers={levers}
            pull={pull}
            onPull={(value) => {
              setPull(value);
              setInFlight(null);
              setTakeOver(false);
              setAgain(false);
              setBefore(null);
            }}
          />
        )}
        {shownSystem.data && levers.length > 0 && (
          <WorthWiring
            architecture={shownSystem.data.system.architecture}
            wired={levers.flatMap((each) => each.declared?.what ?? [])}
          />
        )}
        {before !== null && preview.data && <ReachChanged before={before} now={preview.data.mark} />}
        {lever && preview.data && (
          <PreviewNote
            preview={preview.data}
            system={target ?? ''}
            takeOver={takeOver}
            onTakeOver={setTakeOver}
            again={again}
            onAgain={setAgain}
          />
        )}
        {lever && preview.error && <Trouble error={preview.error} />}
        <TextArea
          data-first
          label="Why"
          hint="One sentence. It stands in the record, and guards carry the incident's name."
          rows={2}
          value={reason}
          onText={setReason}
          required
          error={told?.fields.reason}
          placeholder="Wrong policy told to customers"
        />
        {endsRunning && (
          <Choice
            legend="What runs at that moment"
            name="in-flight"
            value={policy}
            onPick={(value) => setInFlight(value as InFlightPolicy)}
            options={[
              { value: 'abort', label: 'End it at once', hint: 'Answers and calls under way break off with an error.' },
              {
                value: 'drain',
                label: 'Let it finish',
                hint: 'Nothing new begins. Order again to end what still runs.',
              },
            ]}
          />
        )}
        <Select
          label="It ends"
          value={until}
          onText={setEnds}
          options={endings(until)}
          hint={until === '' ? 'Lifting needs another person than you.' : 'It ends by itself then; it can be extended.'}
        />
        <div>
          <Check
            label="Preserve evidence first"
            hint="Versions, holds, guard roster and telemetry marks, in the same transaction as the order."
            checked={preserve}
            onCheck={setPreserve}
          />
          {!preserve && (
            <div className="mt-2 pl-6.5">
              <Input
                label="Why nothing is preserved"
                hint="Recorded as a fact, and read by whoever reviews this."
                value={skip}
                onText={setSkip}
                required
                error={told?.fields.skipEvidence}
              />
            </div>
          )}
        </div>
        {lever && <PullNeeds needs={needs} system={target ?? ''} typed={typed} onTyped={setTyped} />}
        {error !== null && (
          <div ref={intoView} className="grid gap-2">
            <Trouble error={error} />
            {isCode(error, 'hold.canary-failed') && (
              <Button look="danger" busy={doing} onClick={() => void order(true)}>
                Send it to everybody anyway
              </Button>
            )}
          </div>
        )}
      </div>
    </Dialog>
  );
}

/** What went wrong stands below much else: whoever is in a hurry must not have to look for it. */
function intoView(element: HTMLElement | null): void {
  element?.scrollIntoView({ block: 'nearest' });
}

/** Declares in the same breath as ordering, and answers the label of what was declared. */
async function declareFirst(title: string, system: string | null): Promise<string> {
  const { incident } = await client.call(incidents.declare, { body: { title, ...(system && { systems: [system] }) } });
  refresh('/api/v1/incidents');
  return incident.label;
}

/** What was wired in daylight first; what always works is one press further, or right here when nothing is wired. */
function LeverPicker({
  levers,
  pull,
  onPull,
}: {
  levers: readonly Lever[];
  pull: string | null;
  onPull: (value: string) => void;
}) {
  const wired = levers.filter((each) => each.declared && !each.misfit);
  const misfits = levers.filter((each) => each.misfit);
  const rest = [...levers.filter((each) => !each.declared), ...misfits];
  const others = (
    <Choice
      legend={
        misfits.length > 0
          ? 'Disable, so that users read a calm message; or what does not fit'
          : 'Disable; users read a calm message'
      }
      hideLegend={wired.length === 0}
      name="lever"
      value={pull}
      options={rest}
      onPick={onPull}
      columns={2}
    />
  );
  if (wired.length === 0)
    return (
      <div>
        <p className="mb-1.5 font-[600]">
          What to do{' '}
          <span className="font-normal text-ink-3">· nothing is wired in advance; disabling always works</span>
        </p>
        {others}
      </div>
    );
  return (
    <div className="grid gap-2.5">
      <Choice legend="What to do" name="lever" value={pull} options={wired} onPick={onPull} />
      <details open={rest.some((each) => each.value === pull)}>
        <summary className="text-ink-2 hover:text-ink">Something that is not wired in advance</summary>
        <div className="mt-2.5">{others}</div>
      </details>
    </div>
  );
}

/** Wired controls first, then what always works: one feature off, or everything off. */
function useLevers(system: string | null, may: readonly string[]): readonly Lever[] {
  const named = system ?? '';
  const wired = useAsk(containment.listControls, { params: { system: named } }, { enabled: system !== null });
  const shown = useAsk(inventory.show, { params: { system: named } }, { enabled: system !== null });
  return useMemo(() => {
    if (system === null || !wired.data || !shown.data) return [];
    const { features, architecture } = shown.data.system;
    const rank = { first: 0, fits: 1, not: 2 };
    return [
      ...wired.data.controls
        .filter((each) => !each.retired)
        .map((each) => ({ each, ...fitOfControl(each.what, architecture) }))
        .sort((a, b) => rank[a.fit] - rank[b.fit])
        .map(({ each, fit, why }): Lever => {
          const mayPull = may.includes(each.needs);
          return {
            value: each.control,
            label: each.name,
            hint: [
              sentence(each.says),
              each.sideEffects,
              each.readiness.state === 'ready' ? '' : `Not ready: ${each.readiness.says}`,
              fit === 'first' ? 'Comes first for what this system is built of' : '',
              fit === 'not' ? `Does nothing here: ${why}` : '',
              mayPull ? '' : `needs “${each.needs}”, which your role lacks`,
            ]
              .filter(Boolean)
              .map((said) => said.replace(/\.$/, ''))
              .join('. '),
            disabled: !mayPull,
            aim: { control: each.control },
            declared: each,
            misfit: why,
          };
        }),
      ...features.map(
        (feature): Lever => ({
          value: `off:${feature.key}`,
          label: `Disable ${feature.name}`,
          hint: 'The rest goes on.',
          aim: { system, what: { kind: 'disable', feature: feature.key } },
        }),
      ),
      {
        value: 'off',
        label: 'Disable the whole system',
        hint: 'Nothing of it answers any more.',
        aim: { system, what: { kind: 'disable' } },
      },
    ];
  }, [system, wired.data, shown.data, may]);
}
