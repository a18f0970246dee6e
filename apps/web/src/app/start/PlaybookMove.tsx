import type { Moves } from '@firebreak/contract/prepare/moves';
import { people } from '@firebreak/contract/prepare/people';
import { playbooks } from '@firebreak/contract/prepare/playbooks';
import { roleDirectory } from '@firebreak/contract/prepare/role-directory';
import { INCIDENT_ROLES, type IncidentRole, ROLE_NAMES } from '@firebreak/core/prepare/role-directory';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { ARCHETYPE_TITLES, PlaybookSteps } from '../../prepare/playbooks/index.ts';
import { Button } from '../../ui/Button.tsx';
import { Choice, Select } from '../../ui/Field.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { sentence } from '../../ui/sentence.ts';
import { client } from '../api.ts';
import { refresh, useAct, useAsk } from '../ask.ts';
import { useMay, useMe } from '../session.tsx';
import { Shown, Trouble } from '../Trouble.tsx';
import { Part } from './Part.tsx';

/** The playbook for the riskiest use: proposed with reasons, adopted by a person, with a name behind every role in it. */
export function PlaybookMove({ found }: { found: Moves }) {
  const { riskiest, playbook } = found;
  if (riskiest === null)
    return <Notice>Map a system first: the playbook is proposed for the riskiest one, with the reasons why.</Notice>;
  return (
    <div className="grid gap-5">
      <Part title="The playbook" done={playbook !== null}>
        {playbook === null ? (
          <Propose riskiest={riskiest} />
        ) : (
          <p className="text-ink-2">
            <Link to="/playbooks/$playbook" params={{ playbook: playbook.key }} className="prose-link">
              {playbook.name}
            </Link>{' '}
            is your own by now: change its steps whenever a drill or an incident teaches something.
          </p>
        )}
      </Part>
      <Part title="Who holds the roles in it" done={found.moves.find(({ move }) => move === 'playbook')!.done}>
        {playbook === null ? (
          <p className="text-ink-3">When the playbook is adopted, every role that owns a step asks for a name.</p>
        ) : (
          <Names roles={playbook.roles} />
        )}
      </Part>
    </div>
  );
}

const ANOTHER = 'another';

function Propose({ riskiest }: { riskiest: NonNullable<Moves['riskiest']> }) {
  const edits = useMay('system.edit');
  const shelf = useAsk(playbooks.list, {});
  const [picked, setPicked] = useState(riskiest.failures[0]?.playbook.key ?? ANOTHER);
  const fitting =
    shelf.data?.playbooks.filter(({ systemType }) => systemType === riskiest.type || systemType === 'any') ?? [];
  const proposed = riskiest.failures.map((failure) => failure.playbook.key);
  const others = fitting.filter(({ key }) => !proposed.includes(key));
  const [other, setOther] = useState('');
  const key = picked === ANOTHER ? other || others[0]?.key : picked;
  return (
    <div className="grid gap-4">
      <div>
        <p>
          The riskiest system seems to be{' '}
          <Link to="/systems/$system" params={{ system: riskiest.key }} className="prose-link font-[620]">
            {riskiest.name}
          </Link>
          {riskiest.reasons.length === 0
            ? ': nothing in its entry speaks of danger, and there is no riskier one.'
            : ', because'}
        </p>
        {riskiest.reasons.length > 0 && (
          <ul className="mt-1 list-disc pl-5 text-ink-2">
            {riskiest.reasons.slice(0, 5).map((reason) => (
              <li key={reason}>{reason}</li>
            ))}
          </ul>
        )}
        <p className="mt-1 text-xs text-ink-3">
          Read from its entry by a rule, not by a model. You may know better: any playbook you adopt counts.
        </p>
      </div>
      <Choice
        legend="What should the playbook be for?"
        name="failure"
        value={picked}
        onPick={setPicked}
        options={[
          ...riskiest.failures.map((failure) => ({
            value: failure.playbook.key,
            label: ARCHETYPE_TITLES[failure.archetype],
            hint: `${sentence(failure.why)}. ${failure.playbook.steps} steps.`,
          })),
          { value: ANOTHER, label: 'Another kind of failure' },
        ]}
      />
      {picked === ANOTHER && (
        <Select
          label="Playbook"
          value={other || (others[0]?.key ?? '')}
          onText={setOther}
          options={others.map((row) => ({ value: row.key, label: row.name }))}
        />
      )}
      {key !== undefined && <Adopt key={key} playbook={key} edits={edits} />}
    </div>
  );
}

function Adopt({ playbook: key, edits }: { playbook: string; edits: boolean }) {
  const read = useAsk(playbooks.show, { params: { playbook: key }, query: {} });
  const adopt = useAct(playbooks.save, { refreshes: ['/api/v1/playbooks', '/api/v1/moves'] });
  return (
    <Shown of={read} lines={2}>
      {({ playbook }) => (
        <div className="grid gap-3">
          <p className="max-w-[72ch] text-ink-2">{playbook.content.summary}</p>
          <details>
            <summary className="cursor-pointer text-ink-2">Read its {playbook.content.steps.length} steps</summary>
            <div className="mt-3">
              <PlaybookSteps steps={playbook.content.steps} />
            </div>
          </details>
          {adopt.error && <Trouble error={adopt.error} />}
          {edits ? (
            <div>
              <Button
                look="strong"
                busy={adopt.isPending}
                onClick={() =>
                  adopt.mutate({
                    params: { playbook: key },
                    body: { content: playbook.content, because: 'Adopted as the first playbook' },
                  })
                }
              >
                Adopt it as our own
              </Button>
            </div>
          ) : (
            <Notice>Somebody who leads incidents, or an administrator, adopts it.</Notice>
          )}
        </div>
      )}
    </Shown>
  );
}

const usr = (id: string) => (id === '' ? null : (id as `usr_${string}`));

function Names({ roles }: { roles: readonly IncidentRole[] }) {
  const me = useMe().data;
  const assigns = useMay('roles.assign');
  const directory = useAsk(roleDirectory.show, {});
  const names = useAsk(people.directory, {}).data?.names ?? {};
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const everybody = Object.entries(names)
    .filter(([id]) => id.startsWith('usr_'))
    .sort(([, a], [, b]) => a.localeCompare(b))
    .map(([value, label]) => ({ value, label }));
  return (
    <Shown of={directory} lines={4}>
      {({ roles: rows }) => {
        const shown = INCIDENT_ROLES.filter((role) => roles.includes(role)).map(
          (role) => rows.find((row) => row.role === role)!,
        );
        const empty = shown.filter(({ primary }) => primary === null);
        // What is held is read anew each time: a second press may come before the screen has it.
        const seat = async (given: (now: typeof rows) => readonly { role: IncidentRole; primary: string }[]) => {
          setBusy(true);
          setError(null);
          try {
            const { roles: now } = await client.call(roleDirectory.show, {});
            for (const { role, primary } of given(now)) {
              const secondary = now.find((row) => row.role === role)?.secondary?.id ?? '';
              await client.call(roleDirectory.seat, {
                params: { role },
                body: { primary: usr(primary), secondary: usr(primary === '' ? '' : secondary) },
              });
            }
          } catch (fault) {
            setError(fault);
          } finally {
            setBusy(false);
            refresh('/api/v1/role-directory', '/api/v1/moves');
          }
        };
        const mine = (now: typeof rows, person: string) =>
          now
            .filter(({ role, primary }) => roles.includes(role) && primary === null)
            .map(({ role }) => ({ role, primary: person }));
        return (
          <div className="grid gap-4">
            <div className="grid gap-x-4 gap-y-3 phone:grid-cols-2">
              {shown.map(({ role, primary }) => (
                <Select
                  key={role}
                  label={sentence(ROLE_NAMES[role])}
                  value={primary?.id ?? ''}
                  disabled={!assigns || busy}
                  onText={(chosen) => void seat(() => [{ role, primary: chosen }])}
                  options={[{ value: '', label: 'Nobody yet' }, ...everybody]}
                />
              ))}
            </div>
            {error !== null && <Trouble error={error} />}
            {assigns && me && empty.length > 0 && (
              <div className="flex flex-wrap items-center gap-x-3 gap-y-1">
                <Button busy={busy} onClick={() => void seat((now) => mine(now, me.id))}>
                  I hold the empty ones for now
                </Button>
                <span className="text-xs text-ink-3">
                  Invite the others under Settings. One person in many roles stays a gap under Not ready.
                </span>
              </div>
            )}
          </div>
        );
      }}
    </Shown>
  );
}
