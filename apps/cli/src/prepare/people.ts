import { people as doors } from '@firebreak/contract/prepare/people';
import { SCOPE_NAMES, type Scope } from '@firebreak/core/prepare/people';
import { BadInput, type Register } from '../cli.ts';

interface Wanted {
  readonly name: string;
  readonly scope: string[];
  readonly origin?: string[];
  readonly system?: string[];
}

/** `firebreak keys …` */
export const people: Register = (program, cli) => {
  const keys = program.command('keys').description('API keys of programs');
  keys
    .command('list')
    .description('list the keys')
    .action(async () => {
      const { keys: rows } = await cli.client().call(doors.keys, {});
      cli.table(
        rows,
        [
          { head: 'id', of: (k) => k.id },
          { head: 'name', of: (k) => k.name },
          { head: 'scopes', of: (k) => k.scopes.join(' ') },
          { head: 'pages', of: (k) => k.page?.origins.join(' ') },
          { head: 'systems', of: (k) => k.page?.systems.join(' ') },
          { head: 'last used', of: (k) => k.lastUsedAt },
          { head: 'state', of: (k) => (k.revoked ? 'revoked' : 'good') },
        ],
        rows,
      );
    });
  keys
    .command('create')
    .description('create a key; the secret is printed once')
    .requiredOption('--name <name>', 'what will use it')
    .requiredOption('--scope <scope...>', `one or more of: ${SCOPE_NAMES.join(', ')}`)
    .option(
      '--origin <origin...>',
      'for a web page: origins it may be used from, https://shop.example, or “*” for any page',
    )
    .option('--system <key...>', 'for a web page: systems it may read')
    .action(async ({ name, scope, origin, system }: Wanted) => {
      const odd = scope.find((one) => !SCOPE_NAMES.includes(one as Scope));
      if (odd) throw new BadInput(`There is no scope “${odd}”. Choose from: ${SCOPE_NAMES.join(', ')}.`);
      const page = origin || system ? { page: { origins: origin ?? [], systems: system ?? [] } } : {};
      const made = await cli.client().call(doors.createKey, { body: { name, scopes: scope as Scope[], ...page } });
      const once = made.key.page
        ? 'This is the only time the key is shown. Put it into the page: everybody can read it there.'
        : 'This is the only time the secret is shown.';
      cli.say(`${made.secret}\n${once}`, made);
    });
  keys
    .command('revoke <key>')
    .description('revoke a key at once')
    .requiredOption('--reason <reason>', 'why')
    .action(async (key: `key_${string}`, { reason }: { reason: string }) => {
      const { key: revoked } = await cli.client().call(doors.revokeKey, { params: { key }, body: { reason } });
      cli.say(`Revoked ${revoked.name}.`, revoked);
    });
};
