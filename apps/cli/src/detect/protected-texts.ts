import { readFile } from 'node:fs/promises';
import { protectedTexts as doors } from '@firebreak/contract/detect/protected-texts';
import { BadInput, type Register } from '../cli.ts';

/** `firebreak protected-texts …` */
export const protectedTexts: Register = (program, cli) => {
  const group = program.command('protected-texts').description('texts that must not come out word by word');
  group
    .command('list', { isDefault: true })
    .description('what answers are held against')
    .option('--system <key>')
    .action(async ({ system }: { readonly system?: string }) => {
      const { items } = await cli.client().call(doors.list, { query: { system } });
      cli.table(
        items,
        [
          { head: 'id', of: (it) => it.id },
          { head: 'system', of: (it) => it.system },
          { head: 'name', of: (it) => it.name },
          { head: 'since', of: (it) => it.keptAt },
        ],
        items,
      );
    });
  group
    .command('keep <file>')
    .description('hold answers against a text; only digests of it are kept')
    .requiredOption('--system <key>')
    .requiredOption('--name <name>')
    .action(async (file: string, options: { readonly system: string; readonly name: string }) => {
      const text = await readFile(file, 'utf8').catch(() => {
        throw new BadInput(`${file} cannot be read.`);
      });
      const it = await cli.client().call(doors.keep, { body: { ...options, text } });
      cli.say(`Kept ${it.name} as ${it.id}, ${it.prints} digests.`, it);
    });
  group
    .command('remove <text>')
    .description('hold answers against it no more')
    .action(async (text: string) => {
      if (!/^ptx_/.test(text)) throw new BadInput('Name it by its id, which begins with ptx_.');
      await cli.client().call(doors.remove, { params: { text: text as `ptx_${string}` } });
      cli.say(`Removed ${text}.`, { removed: text });
    });
};
