import { moves } from '@firebreak/contract/prepare/moves';
import { people } from '@firebreak/contract/prepare/people';
import { Link, useNavigate } from '@tanstack/react-router';
import type { ReactNode } from 'react';
import { queries, useAct, useAsk } from '../../app/ask.ts';
import { setSingleKeys, useSingleKeys } from '../../app/keys.ts';
import { Page } from '../../app/Page.tsx';
import { useMay, useMe } from '../../app/session.tsx';
import { startLine } from '../../app/start/words.ts';
import { chooseTheme, type ThemeChoice, useThemeChoice } from '../../app/theme.ts';
import { Button } from '../../ui/Button.tsx';
import { Card, Section } from '../../ui/Card.tsx';
import { Check, Choice } from '../../ui/Field.tsx';
import { Avatar, Flag } from '../../ui/Marks.tsx';
import { Notice } from '../../ui/Notice.tsx';
import { Keys } from './Keys.tsx';
import { PeopleList } from './PeopleList.tsx';

const THEMES: readonly { value: ThemeChoice; label: string }[] = [
  { value: 'system', label: 'As the device' },
  { value: 'light', label: 'Light' },
  { value: 'dark', label: 'Dark' },
];

/** People, keys, and what other slices add for administrators. */
export function Settings({ children }: { children?: ReactNode }) {
  const administers = useMay('people.administer');
  return (
    <Page title="Settings" lead="Who is here, what they may do, how programs sign in, and which other tools are told.">
      <div className="grid items-start gap-x-6 desk:grid-cols-[minmax(0,1fr)_22rem]">
        <div className="min-w-0">
          <PeopleList administers={administers} />
          {administers ? (
            <>
              <Keys />
              {children}
            </>
          ) : (
            <Section title="API keys">
              <Notice>Only an administrator sees and makes API keys.</Notice>
            </Section>
          )}
        </div>
        <aside className="min-w-0">
          <Me />
          <Appearance />
          <Start />
        </aside>
      </div>
    </Page>
  );
}

function Me() {
  const me = useMe().data;
  const navigate = useNavigate();
  const out = useAct(people.signOut, {
    done: () => {
      void navigate({ to: '/sign-in' }).then(() => queries.clear());
    },
  });
  if (!me) return null;
  return (
    <Section title="You, in this session">
      <Card>
        <div className="flex items-center gap-2.5">
          <Avatar name={me.name} />
          <span className="min-w-0 flex-1 truncate font-[600]">{me.name}</span>
          <Button size="sm" busy={out.isPending} onClick={() => out.mutate({})}>
            Sign out
          </Button>
        </div>
        <div className="mt-3 flex flex-wrap gap-1.5">
          {me.roles.map((role) => (
            <Flag key={role}>{role}</Flag>
          ))}
        </div>
        <p className="mt-2 text-xs text-ink-3">
          You may do {me.may.length} things here. Signing in and out is recorded, like everything else.
        </p>
      </Card>
    </Section>
  );
}

function Start() {
  const found = useAsk(moves.show, {}).data;
  return (
    <Section title="Start">
      <Card>
        <p>{found ? startLine(found) : 'Three moves to be ready.'}</p>
        <p className="mt-2">
          <Link to="/start" className="prose-link">
            The three moves
          </Link>
        </p>
      </Card>
    </Section>
  );
}

function Appearance() {
  const theme = useThemeChoice();
  const keys = useSingleKeys();
  return (
    <Section title="On this device">
      <Card>
        <Choice legend="Theme" name="theme" value={theme} options={THEMES} onPick={chooseTheme} />
        <div className="mt-3">
          <Check
            label="Single keys act"
            hint="C contains, D declares, ? lists them all."
            checked={keys}
            onCheck={setSingleKeys}
          />
        </div>
      </Card>
    </Section>
  );
}
